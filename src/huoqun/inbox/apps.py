from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    name = "huoqun.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation  # noqa: PLC0415
        from huoqun.console.models import Role  # noqa: PLC0415
        from huoqun.inbox import turnstile  # noqa: PLC0415
        from huoqun.inbox.pages.parked import badge  # noqa: PLC0415

        connection_created.connect(turnstile.mind)
        roles = (Role.ADMIN, Role.LEAD)
        item = navigation.Item("inbox:parked", _("Parked entries"), "inbox", 800, _("House"), roles=roles, badge=badge)
        navigation.add(item)
