"""Find what stood for one premises on a day gone by without reading all editions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0009_problems_in_order"),
        ("ledger", "0005_bare_staging"),
        ("premises", "0003_replaced_people_and_title_plan"),
        ("profile", "0004_fund_account_changes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="balanceedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["premises"],
                name="balanceedition_former",
            ),
        ),
        migrations.AddIndex(
            model_name="postingedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["premises"],
                name="postingedition_former",
            ),
        ),
    ]
