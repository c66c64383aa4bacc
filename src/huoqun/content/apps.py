from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DELIVERIES = {
    "sent": ("good", "tick"),
    "confirming": ("accent", "dots"),
    "handed": ("amber", "half"),
    "refused": ("red", "cross"),
    "unknown": ("amber", "dots"),
    "expired": ("red", "bar"),
    "cancelled": ("quiet", "bar"),
    "out": ("quiet", "ring"),
}


class ContentConfig(AppConfig):
    name = "huoqun.content"
    label = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation, states  # noqa: PLC0415

        navigation.add(navigation.Item("content:broadcasts", _("Broadcasts"), "bell", 240))
        states.mark("draft", tone="quiet", shape="ring")
        states.mark("planned", tone="calm", shape="dots")
        states.mark("going", tone="accent", shape="half")
        states.mark("paused", tone="amber", shape="bar")
        states.mark("stopped", tone="quiet", shape="square")
        for outcome, (tone, shape) in DELIVERIES.items():
            states.mark(f"delivery-{outcome}", tone=tone, shape=shape)
