"""Steps that wait for somebody, were refused or left out are few among a million: runs are looked for by them."""

from django.db import migrations, models

OUT_OF_THE_WAY = ~models.Q(state="planned") & ~models.Q(state="done") & ~models.Q(reason="not_taken")


class Migration(migrations.Migration):
    dependencies = [("sop", "0008_saved_views")]

    operations = [
        migrations.AddIndex(
            "line", models.Index(condition=OUT_OF_THE_WAY, fields=["state", "run"], name="lines_out_of_the_way")
        ),
    ]
