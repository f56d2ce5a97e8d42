from django.db import migrations, models


class Migration(migrations.Migration):
    """Groups carry the sum of their rows' fingerprints: months that come again are compared whole."""

    dependencies = [
        ("imports", "0004_lean_groups"),
    ]

    operations = [
        migrations.AddField(
            model_name="stagedgroup",
            name="fingerprint",
            field=models.DecimalField(decimal_places=0, max_digits=30, null=True),
        ),
    ]
