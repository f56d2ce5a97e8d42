"""Find what stood for one premises on a day gone by without reading all editions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("charges", "0006_bare_staging"),
        ("imports", "0009_problems_in_order"),
        ("premises", "0003_replaced_people_and_title_plan"),
        ("profile", "0004_fund_account_changes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="chargeedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["premises"],
                name="chargeedition_former",
            ),
        ),
    ]
