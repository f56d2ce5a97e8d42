"""A sign-in may fail because the starter password has run out. Earlier rows keep their words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("owners", "0003_sign_ins_language_and_second_factor"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signinevent",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("done", "zalogowano"),
                    ("wrong_password", "złe hasło"),
                    ("wrong_code", "zły kod"),
                    ("expired_starter", "hasło startowe po terminie"),
                ],
                max_length=20,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="signinevent",
            name="sign_in_event_outcome",
        ),
        migrations.AddConstraint(
            model_name="signinevent",
            constraint=models.CheckConstraint(
                condition=models.Q(outcome__in=["done", "wrong_password", "wrong_code", "expired_starter"]),
                name="sign_in_event_outcome",
            ),
        ),
    ]
