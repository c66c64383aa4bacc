from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    name = "huoqun.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation  # noqa: PLC0415
        from huoqun.console.models import Role  # noqa: PLC0415

        section = _("House")
        navigation.add(
            navigation.Item("console:staff", _("Staff accounts"), "users", 910, section, roles=(Role.ADMIN,)),
            navigation.Item("console:exports", _("Exports"), "download", 920, section, roles=(Role.ADMIN,)),
            navigation.Item("console:own", _("My account"), "settings", 990, section),
        )
