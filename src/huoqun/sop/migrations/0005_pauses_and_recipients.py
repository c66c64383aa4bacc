from django.db import migrations, models

import huoqun.sop.models


class Migration(migrations.Migration):
    dependencies = [("sop", "0004_what_calendars_read")]

    operations = [
        migrations.AddField(model_name="launch", name="paused_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model_name="line", name="to", field=huoqun.sop.models.InOrder(default=list)),
    ]
