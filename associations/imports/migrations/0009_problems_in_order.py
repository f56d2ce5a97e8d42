"""Keep the problems of a batch in the order in which its page lists them, in place of an index of the batch alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0008_words_of_states"),
    ]

    operations = [
        migrations.AlterField(
            model_name="problem",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="problems",
                to="imports.importbatch",
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                models.F("batch"),
                models.F("severity"),
                models.F("file_number"),
                models.F("sheet"),
                models.OrderBy(models.F("row"), nulls_first=True),
                models.F("id"),
                name="problem_listed",
            ),
        ),
    ]
