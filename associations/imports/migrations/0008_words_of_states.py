from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0007_bare_groups"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importbatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "czeka na sprawdzenie"),
                    ("reading", "trwa sprawdzanie"),
                    ("ready", "czeka na publikację"),
                    ("blocked", "zawiera błędy"),
                    ("publishing", "trwa publikacja"),
                    ("published", "opublikowana"),
                    ("undoing", "trwa cofanie"),
                    ("undone", "cofnięta"),
                    ("unchanged", "bez zmian"),
                    ("rejected", "odrzucona"),
                    ("failed", "przerwana"),
                    ("cancelled", "anulowana"),
                ],
                default="uploaded",
                max_length=20,
            ),
        ),
    ]
