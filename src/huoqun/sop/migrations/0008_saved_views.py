from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sop", "0007_voices")]

    operations = [migrations.AddField(model_name="launch", name="views", field=models.JSONField(blank=True, default=dict))]
