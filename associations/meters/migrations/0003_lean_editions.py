import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Editions give up keys that the database checks row by row, and indexes that publishing filled for nothing."""

    dependencies = [
        ("imports", "0004_lean_groups"),
        ("meters", "0002_unlogged_staging"),
        ("premises", "0003_replaced_people_and_title_plan"),
    ]

    operations = [
        migrations.AlterField(
            model_name="readingedition",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="imports.importbatch",
            ),
        ),
        migrations.AlterField(
            model_name="readingedition",
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
            model_name="readingedition",
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
            model_name="readingedition",
            name="part",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="meters.medium",
            ),
        ),
        migrations.AlterField(
            model_name="readingedition",
            name="premises",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="premises.premises",
            ),
        ),
        migrations.AlterField(
            model_name="settlementedition",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="imports.importbatch",
            ),
        ),
        migrations.AlterField(
            model_name="settlementedition",
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
            model_name="settlementedition",
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
            model_name="settlementedition",
            name="part",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="meters.medium",
            ),
        ),
        migrations.AlterField(
            model_name="settlementedition",
            name="premises",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="premises.premises",
            ),
        ),
        migrations.AddIndex(
            model_name="readingedition",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["opened_by"], name="readingedition_opened"
            ),
        ),
        migrations.AddIndex(
            model_name="readingedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["closed_by"],
                name="readingedition_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="settlementedition",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["opened_by"], name="settlementedition_opened"
            ),
        ),
        migrations.AddIndex(
            model_name="settlementedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["closed_by"],
                name="settlementedition_closed",
            ),
        ),
    ]
