from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OwnershipConfig(AppConfig):
    name = "huoqun.ownership"
    label = "ownership"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation, states  # noqa: PLC0415
        from huoqun.ownership.pages.badge import badge  # noqa: PLC0415

        navigation.add(navigation.Item("ownership:today", _("To-dos"), "circle-check", 12, badge=badge))
        states.mark("todo_open", tone="accent", shape="ring")
        states.mark("todo_late", tone="red", shape="flag")
        states.mark("todo_done", tone="good", shape="tick")
        states.mark("todo_cancelled", tone="quiet", shape="bar")
        states.mark("todo_expired", tone="amber", shape="bar")
        states.mark("drowning", tone="red", shape="up")
        states.mark("stretched", tone="amber", shape="half")
        states.mark("fine", tone="good", shape="disc")
        states.mark("away", tone="quiet", shape="dots")
