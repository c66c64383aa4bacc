from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wecom", "0005_sign_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="archivecoverage",
            name="turned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
