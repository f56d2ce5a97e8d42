from django.db import migrations


class Migration(migrations.Migration):
    """Every association begins with the main and the repair fund; a file may name further ones."""

    dependencies = [("profile", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql=[
                """INSERT INTO profile_fund (code, kind, name, position, bank_account) VALUES
                   ('main', 'main', 'Fundusz podstawowy', 1, ''), ('repair', 'repair', 'Fundusz remontowy', 2, '')"""
            ],
            reverse_sql=["DELETE FROM profile_fund WHERE code IN ('main', 'repair')"],
        )
    ]
