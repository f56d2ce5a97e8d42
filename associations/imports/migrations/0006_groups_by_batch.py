from django.db import migrations, models


class Migration(migrations.Migration):
    """An association has few batches with groups at a time, and few datasets in each: the batch finds them."""

    dependencies = [
        ("imports", "0005_fingerprints"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="stagedgroup",
            name="staged_group_batch",
        ),
        migrations.AddIndex(
            model_name="stagedgroup",
            index=models.Index(fields=["batch_id"], name="staged_group_batch"),
        ),
    ]
