import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wecom", "0001_companies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=32)),
                ("call", models.CharField(max_length=32)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("sender", models.CharField(blank=True, max_length=64)),
                ("begun_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                (
                    "corp",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="deeds", to="wecom.corp"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["corp", "digest"], name="deeds_by_what_was_said"),
                    models.Index(fields=["corp", "message_id"], name="deeds_by_message"),
                    models.Index(fields=["begun_at"], name="deeds_by_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("corp", "key", "call"), name="each_deed_once_a_call")],
            },
        ),
        migrations.CreateModel(
            name="Media",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upload_id", models.CharField(max_length=64)),
                (
                    "use",
                    models.CharField(
                        choices=[("message", "in messages"), ("moment", "in moments"), ("address", "beside a link")],
                        max_length=8,
                    ),
                ),
                ("value", models.CharField(max_length=1000)),
                ("sent_at", models.DateTimeField()),
                (
                    "corp",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="media", to="wecom.corp"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("corp", "upload_id", "use"), name="each_picture_once_a_use")],
            },
        ),
    ]
