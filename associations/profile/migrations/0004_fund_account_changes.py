import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Each change of a fund's bank account with the number before and after."""

    dependencies = [("profile", "0003_face")]
    operations = [
        migrations.CreateModel(
            name="FundAccountChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=26)),
                ("after", models.CharField(blank=True, max_length=26)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account_changes",
                        to="profile.fund",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("after__regex", "^([0-9]{26})?$"), ("before__regex", "^([0-9]{26})?$")
                        ),
                        name="fund_account_change_nrb",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="fund_account_change_differs",
                    ),
                ],
            },
        ),
    ]
