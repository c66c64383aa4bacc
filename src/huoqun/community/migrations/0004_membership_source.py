from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0003_person_talk"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="source",
            field=models.CharField(blank=True, max_length=64, verbose_name="live code they came by"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("source", ""), _negated=True), fields=["source"], name="memberships_by_source"
            ),
        ),
    ]
