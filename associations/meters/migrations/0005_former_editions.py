"""Find what stood for one premises on a day gone by without reading all editions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0009_problems_in_order"),
        ("meters", "0004_fingerprints"),
        ("premises", "0003_replaced_people_and_title_plan"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="readingedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["premises"],
                name="readingedition_former",
            ),
        ),
        migrations.AddIndex(
            model_name="settlementedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["premises"],
                name="settlementedition_former",
            ),
        ),
    ]
