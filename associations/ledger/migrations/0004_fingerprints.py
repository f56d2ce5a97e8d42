from django.db import migrations, models


class Migration(migrations.Migration):
    """Editions carry the sum of their rows' fingerprints: months that come again are compared whole."""

    dependencies = [
        ("ledger", "0003_lean_editions"),
    ]

    operations = [
        migrations.AddField(
            model_name="balanceedition",
            name="fingerprint",
            field=models.DecimalField(decimal_places=0, max_digits=30, null=True),
        ),
        migrations.AddField(
            model_name="postingedition",
            name="fingerprint",
            field=models.DecimalField(decimal_places=0, max_digits=30, null=True),
        ),
    ]
