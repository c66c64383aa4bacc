from django.db import migrations, models
from django.db.models.deletion import CASCADE

STATES = [
    ("new", "not looked at yet"),
    ("owed", "told, details are still to be asked for"),
    ("done", "told"),
    ("passed_over", "passed over"),
    ("unreadable", "could not be read"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("wecom", "0002_deeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=120, verbose_name="kind")),
                ("body", models.TextField()),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("state", models.CharField(choices=STATES, default="new", max_length=12)),
                ("after", models.CharField(blank=True, choices=STATES, max_length=12)),
                ("told_in", models.CharField(blank=True, max_length=32)),
                ("try_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("corp", models.ForeignKey(on_delete=CASCADE, related_name="deliveries", to="wecom.corp")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["new", "owed"])),
                        fields=["corp", "try_at"],
                        name="deliveries_open",
                    ),
                    models.Index(fields=["received_at"], name="deliveries_by_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("corp", "key"), name="each_delivery_once")],
            },
        ),
    ]
