"""A room that knows its key finds its request without saying whose it is; messages about to-dos are found by their to-do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_confirmations"),
    ]

    operations = [
        migrations.RemoveConstraint("request", "each_request_once"),
        migrations.AddConstraint("request", models.UniqueConstraint(fields=("key", "community"), name="each_request_once")),
        migrations.AddIndex(
            "request",
            models.Index(condition=models.Q(room="ownership"), fields=["community", "about"], name="requests_about_todos"),
        ),
    ]
