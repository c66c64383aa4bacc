from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sop", "0006_by_what_is_open")]

    operations = [migrations.AddField(model_name="launch", name="voices", field=models.JSONField(blank=True, default=dict))]
