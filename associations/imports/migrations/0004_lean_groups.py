from django.db import migrations, models


class Migration(migrations.Migration):
    """Groups of a batch are written and read whole: filling a unique index of texts took as long as grouping."""

    dependencies = [
        ("imports", "0003_corrections_and_ways_in"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="stagedgroup",
            name="staged_group_unique",
        ),
        migrations.AddIndex(
            model_name="stagedgroup",
            index=models.Index(fields=["batch_id", "dataset"], name="staged_group_batch"),
        ),
    ]
