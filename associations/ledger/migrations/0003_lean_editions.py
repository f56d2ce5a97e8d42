import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Editions give up keys that the database checks row by row, and indexes that publishing filled for nothing."""

    dependencies = [
        ("imports", "0004_lean_groups"),
        ("ledger", "0002_unlogged_staging"),
        ("premises", "0003_replaced_people_and_title_plan"),
        ("profile", "0002_main_and_repair_fund"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="stagedposting",
            name="staged_posting_key",
        ),
        migrations.AlterField(
            model_name="balanceedition",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="imports.importbatch",
            ),
        ),
        migrations.AlterField(
            model_name="balanceedition",
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
            model_name="balanceedition",
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
            model_name="balanceedition",
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
            model_name="balanceedition",
            name="premises",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="premises.premises",
            ),
        ),
        migrations.AlterField(
            model_name="postingedition",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="imports.importbatch",
            ),
        ),
        migrations.AlterField(
            model_name="postingedition",
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
            model_name="postingedition",
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
            model_name="postingedition",
            name="part",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.account",
            ),
        ),
        migrations.AlterField(
            model_name="postingedition",
            name="premises",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="premises.premises",
            ),
        ),
        migrations.AddIndex(
            model_name="balanceedition",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["opened_by"], name="balanceedition_opened"
            ),
        ),
        migrations.AddIndex(
            model_name="balanceedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["closed_by"],
                name="balanceedition_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="postingedition",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["opened_by"], name="postingedition_opened"
            ),
        ),
        migrations.AddIndex(
            model_name="postingedition",
            index=models.Index(
                condition=models.Q(("closed_by__isnull", False)),
                fields=["closed_by"],
                name="postingedition_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="stagedposting",
            index=models.Index(fields=["batch_id"], name="staged_posting_batch"),
        ),
    ]
