"""A state for the minutes in which an association moves: people read on, nobody writes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profile", "0005_archived"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="associationprofile",
            name="profile_state",
        ),
        migrations.AlterField(
            model_name="associationprofile",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "czynna"),
                    ("read_only", "tylko do odczytu"),
                    ("suspended", "zawieszona"),
                    ("archived", "w archiwum"),
                ],
                default="active",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="associationprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "read_only", "suspended", "archived"])),
                name="profile_state",
            ),
        ),
    ]
