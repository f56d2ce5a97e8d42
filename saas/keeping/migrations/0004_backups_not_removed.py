from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("keeping", "0003_domain_claims"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="backup",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["association_id", "made_at"],
                name="backup_not_removed",
            ),
        ),
    ]
