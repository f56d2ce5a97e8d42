import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Editions give up keys that the database checks row by row, and indexes that publishing filled for nothing."""

    dependencies = [
        ("charges", "0002_unlogged_staging"),
        ("imports", "0004_lean_groups"),
        ("premises", "0003_replaced_people_and_title_plan"),
        ("profile", "0002_main_and_repair_fund"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="stagedcharge",
            name="staged_charge_key",
        ),
        migrations.AlterField(
            model_name="chargeedition",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="imports.importbatch",
            ),
        ),
        migrations.AlterField(
            model_name="chargeedition",
            name="closed_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="imports.publication",
            ),
        ),
        migrations.AlterField(
            model_name="chargeedition",
            name="opened_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="imports.publication",
            ),
        ),
        migrations.AlterField(
            model_name="chargeedition",
            name="part",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="profile.fund",
            ),
        ),
        migrations.AlterField(
            model_name="chargeedition",
            name="premises",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="premises.premises",
            ),
        ),
        migrations.AddIndex(
            model_name="chargeedition",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["opened_by"], name="chargeedition_opened"
            ),
        ),
        migrations.AddIndex(
            model_name="chargeedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["closed_by"],
                name="chargeedition_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="stagedcharge",
            index=models.Index(fields=["batch_id"], name="staged_charge_batch"),
        ),
    ]
