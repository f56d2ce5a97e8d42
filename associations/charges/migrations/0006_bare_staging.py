from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """Staged rows lie together by batch, and nobody looks for one by its key: loading fills no index row by row."""

    dependencies = [
        ("charges", "0005_notice_runs"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="stagedcharge",
            name="staged_charge_batch",
        ),
        migrations.AddIndex(
            model_name="stagedcharge",
            index=BrinIndex(fields=["batch_id"], name="staged_charge_lies"),
        ),
        migrations.RunSQL(
            sql=["ALTER TABLE charges_stagedcharge DROP CONSTRAINT charges_stagedcharge_pkey"],
            reverse_sql=[
                "ALTER TABLE charges_stagedcharge ADD CONSTRAINT charges_stagedcharge_pkey PRIMARY KEY (id)"
            ],
        ),
    ]
