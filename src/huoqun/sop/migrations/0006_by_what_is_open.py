"""What is looked up all day long is found among what is open, however much has ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sop", "0005_pauses_and_recipients"),
    ]

    operations = [
        migrations.RemoveIndex("run", "runs_to_look_at"),
        migrations.AddIndex(
            "run",
            models.Index(condition=models.Q(ended_at__isnull=True), fields=["launch", "next_at"], name="runs_to_look_at"),
        ),
        migrations.RemoveIndex("line", "lines_waiting"),
        migrations.AddIndex(
            "line", models.Index(condition=models.Q(state="waiting"), fields=["group", "kind"], name="lines_waiting")
        ),
        migrations.AddIndex(
            "line", models.Index(condition=models.Q(state="waiting", way="late"), fields=["kind"], name="lines_late")
        ),
    ]
