from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0004_membership_source"),
    ]

    operations = [
        migrations.AddField(
            model_name="group",
            name="dissolved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="dissolved"),
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("tags", models.JSONField(blank=True, default=list, verbose_name="tags on the carrier")),
                ("way", models.CharField(blank=True, max_length=32, verbose_name="way in")),
                ("source", models.CharField(blank=True, max_length=64, verbose_name="live code they came by")),
                ("mutual", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField(blank=True, null=True, verbose_name="added")),
                ("lost_at", models.DateTimeField(blank=True, null=True, verbose_name="lost")),
                ("lost_by_customer", models.BooleanField(default=False)),
                ("noted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "community",
                    models.ForeignKey(on_delete=CASCADE, related_name="known_contacts", to="community.community"),
                ),
                (
                    "identity",
                    models.ForeignKey(on_delete=CASCADE, related_name="known_by", to="community.identity"),
                ),
                (
                    "staff",
                    models.ForeignKey(on_delete=CASCADE, related_name="contacts", to="community.identity"),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "indexes": [models.Index(fields=["community", "source"], name="contacts_by_source")],
                "constraints": [models.UniqueConstraint(fields=("staff", "identity"), name="each_pair_knows_once")],
            },
        ),
    ]
