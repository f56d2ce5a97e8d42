from pkgutil import iter_modules

from django.db import migrations, models

from associations.profile.migrations import __path__ as present

LAST = max(module.name for module in iter_modules(present))


class Migration(migrations.Migration):
    """A column with a default in the database, an index, and a new table: what a running release can live with."""

    dependencies = [("profile", LAST)]
    operations = [
        migrations.AddField(
            model_name="associationprofile",
            name="motto",
            field=models.CharField(max_length=50, db_default="brak"),
        ),
        migrations.AddIndex(
            model_name="associationprofile", index=models.Index(fields=["motto"], name="profile_motto")
        ),
        migrations.CreateModel(
            name="Slogan",
            fields=[("id", models.BigAutoField(primary_key=True)), ("text", models.CharField(max_length=50))],
        ),
        migrations.RunSQL("INSERT INTO profile_slogan (text) VALUES ('100% swoje')"),
    ]
