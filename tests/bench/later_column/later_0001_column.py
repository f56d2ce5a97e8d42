from pkgutil import iter_modules

from django.db import migrations, models

from associations.profile.migrations import __path__ as present

LAST = max(module.name for module in iter_modules(present))


class Migration(migrations.Migration):
    """One more column, with a default in the database."""

    dependencies = [("profile", LAST)]
    operations = [
        migrations.AddField(
            model_name="associationprofile",
            name="motto",
            field=models.CharField(max_length=50, db_default="brak"),
        ),
    ]
