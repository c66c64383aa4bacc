from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("carriers", "0002_live_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="busy_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="connection",
            name="woken",
            field=models.BooleanField(default=False),
        ),
    ]
