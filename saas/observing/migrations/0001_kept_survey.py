from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="KeptSurvey",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("states", models.JSONField()),
                ("sizes", models.JSONField()),
                ("behind", models.JSONField()),
                ("unreadable", models.JSONField()),
                ("largest", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="kept_survey_one_row")
                ],
            },
        ),
    ]
