from django.apps import AppConfig


class WeComConfig(AppConfig):
    name = "huoqun.carriers.wecom"
    label = "wecom"
    default_auto_field = "django.db.models.BigAutoField"
