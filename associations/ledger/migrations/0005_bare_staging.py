from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """Staged rows lie together by batch, and nobody looks for one by its key: loading fills no index row by row."""

    dependencies = [
        ("ledger", "0004_fingerprints"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="stagedposting",
            name="staged_posting_batch",
        ),
        migrations.AddIndex(
            model_name="stagedposting",
            index=BrinIndex(fields=["batch_id"], name="staged_posting_lies"),
        ),
        migrations.RunSQL(
            sql=["ALTER TABLE ledger_stagedposting DROP CONSTRAINT ledger_stagedposting_pkey"],
            reverse_sql=[
                "ALTER TABLE ledger_stagedposting ADD CONSTRAINT ledger_stagedposting_pkey PRIMARY KEY (id)"
            ],
        ),
    ]
