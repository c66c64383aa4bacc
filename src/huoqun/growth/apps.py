from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

MARKS = {
    "asked": ("quiet", "dots"),
    "live": ("good", "tick"),
    "by_hand": ("accent", "flag"),
    "failed": ("red", "cross"),
    "ended": ("quiet", "square"),
}


class GrowthConfig(AppConfig):
    name = "huoqun.growth"
    label = "growth"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation, states  # noqa: PLC0415

        navigation.add(navigation.Item("growth:codes", _("Live codes"), "link", 250))
        for state, (tone, shape) in MARKS.items():
            states.mark(f"code-{state}", tone=tone, shape=shape)
