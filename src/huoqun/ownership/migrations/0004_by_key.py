"""A room that knows its key finds its to-do without saying whose it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ownership", "0003_evidence"),
    ]

    operations = [
        migrations.RemoveConstraint("todo", "each_todo_once"),
        migrations.AddConstraint("todo", models.UniqueConstraint(fields=("key", "community"), name="each_todo_once")),
    ]
