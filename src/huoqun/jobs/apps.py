from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "huoqun.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation  # noqa: PLC0415
        from huoqun.console.models import Role  # noqa: PLC0415

        navigation.add(navigation.Item("jobs:jobs", _("Long jobs"), "clock", 810, _("House"), roles=(Role.ADMIN,)))
