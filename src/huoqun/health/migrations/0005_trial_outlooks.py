import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("health", "0004_not_heard"),
        ("sop", "0003_trials"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrialOutlook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("plan", models.CharField(max_length=60)),
                ("audit", models.DateField(null=True)),
                ("made_at", models.DateTimeField()),
                ("told", models.JSONField()),
                (
                    "launch",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="outlooks", to="sop.launch"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("launch", "plan"), name="one_outlook_a_plan")],
            },
        ),
    ]
