from django.db import migrations

TABLES = ["ledger_stagedaccount", "ledger_stagedposting", "ledger_stagedbalance"]


class Migration(migrations.Migration):
    """Staging is written once and read once: without a log it loads faster, and a crash may empty it."""

    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[f"ALTER TABLE {table} SET UNLOGGED"], reverse_sql=[f"ALTER TABLE {table} SET LOGGED"]
        )
        for table in TABLES
    ]
