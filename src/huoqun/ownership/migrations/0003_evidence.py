from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ownership", "0002_leaving")]

    operations = [
        migrations.AddField(model_name="todo", name="shown", field=models.CharField(blank=True, max_length=1000)),
        migrations.AddField(
            model_name="todo",
            name="wants",
            field=models.CharField(
                blank=True,
                choices=[("picture", "a picture"), ("link", "a link"), ("number", "a number"), ("note", "a note in words")],
                max_length=8,
                verbose_name="evidence",
            ),
        ),
    ]
