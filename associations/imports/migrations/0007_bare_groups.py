from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """Groups lie together by batch, and nobody looks for one by its key: no index is filled row by row."""

    dependencies = [
        ("imports", "0006_groups_by_batch"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="stagedgroup",
            name="staged_group_batch",
        ),
        migrations.AddIndex(
            model_name="stagedgroup",
            index=BrinIndex(fields=["batch_id"], name="staged_group_lies"),
        ),
        migrations.RunSQL(
            sql=["ALTER TABLE imports_stagedgroup DROP CONSTRAINT imports_stagedgroup_pkey"],
            reverse_sql=[
                "ALTER TABLE imports_stagedgroup ADD CONSTRAINT imports_stagedgroup_pkey PRIMARY KEY (id)"
            ],
        ),
    ]
