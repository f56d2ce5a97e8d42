from django.db import migrations


class Migration(migrations.Migration):
    """Staging is written once and read once: without a log it loads faster, and a crash may empty it."""

    dependencies = [("payments", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE payments_stagedpayment SET UNLOGGED",
            reverse_sql="ALTER TABLE payments_stagedpayment SET LOGGED",
        )
    ]
