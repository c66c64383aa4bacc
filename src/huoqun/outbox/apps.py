from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "huoqun.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation, states  # noqa: PLC0415
        from huoqun.outbox.pages import pauses  # noqa: PLC0415
        from huoqun.outbox.pages.board import badge  # noqa: PLC0415

        navigation.add(navigation.Item("outbox:board", _("What goes out"), "external-link", 150, badge=badge))
        navigation.add_banners("outbox", pauses.banners)
        navigation.add_part("outbox", "outbox/parts/stop.html", pauses.stop)
        for code, tone, shape in MARKS:
            states.mark(f"outbox_{code}", tone=tone, shape=shape)


MARKS = (
    ("waiting", "quiet", "dots"),
    ("late", "amber", "down"),
    ("leased", "accent", "half"),
    ("held", "amber", "bar"),
    ("unknown", "red", "ring"),
    ("confirming", "accent", "dots"),
    ("handed", "accent", "flag"),
    ("sent", "good", "tick"),
    ("refused", "red", "cross"),
    ("expired", "quiet", "square"),
    ("cancelled", "quiet", "bar"),
)
