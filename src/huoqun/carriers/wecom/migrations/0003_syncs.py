import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wecom", "0002_deliveries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Chat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chat_id", models.CharField(max_length=64)),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("version", models.CharField(blank=True, max_length=64)),
                ("listed_by", models.BigIntegerField(default=0)),
                ("read_by", models.BigIntegerField(default=0)),
                ("members", models.PositiveIntegerField(default=0, verbose_name="members")),
                ("nameless", models.PositiveIntegerField(default=0, verbose_name="without a name")),
                ("trouble", models.CharField(blank=True, max_length=300, verbose_name="trouble")),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("corp", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="chats", to="wecom.corp")),
            ],
            options={
                "indexes": [models.Index(fields=["corp", "listed_by"], name="chats_by_walk")],
                "constraints": [models.UniqueConstraint(fields=("corp", "chat_id"), name="each_chat_once")],
            },
        ),
        migrations.CreateModel(
            name="Colleague",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("userid", models.CharField(max_length=64)),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("departments", models.JSONField(default=list, verbose_name="departments")),
                ("serves", models.BooleanField(default=False)),
                ("listed_by", models.BigIntegerField(default=0)),
                ("read_by", models.BigIntegerField(default=0)),
                ("expected", models.PositiveIntegerField(default=0, verbose_name="customers")),
                ("fetched", models.PositiveIntegerField(default=0, verbose_name="fetched")),
                ("nameless", models.PositiveIntegerField(default=0, verbose_name="without a name")),
                ("trouble", models.CharField(blank=True, max_length=300, verbose_name="trouble")),
                (
                    "corp",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="colleagues", to="wecom.corp"),
                ),
            ],
            options={
                "ordering": ["userid"],
                "constraints": [models.UniqueConstraint(fields=("corp", "userid"), name="each_colleague_once")],
            },
        ),
        migrations.CreateModel(
            name="Sync",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "running"), ("done", "done"), ("stopped", "stopped")],
                        default="running",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("colleagues", "colleagues"),
                            ("contacts", "customers"),
                            ("list", "list of groups"),
                            ("groups", "groups and members"),
                            ("all", "history"),
                        ],
                        default="colleagues",
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("cursor", models.TextField(blank=True)),
                ("first", models.BooleanField(default=False)),
                ("brought", models.JSONField(default=dict)),
                ("trouble", models.CharField(blank=True, max_length=300, verbose_name="trouble")),
                ("interruptions", models.PositiveIntegerField(default=0)),
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("corp", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="syncs", to="wecom.corp")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done"), _negated=True), fields=("corp",), name="one_open_sync_a_company"
                    )
                ],
            },
        ),
    ]
