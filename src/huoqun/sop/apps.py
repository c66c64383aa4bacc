from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

MARKS = {
    "run-asked": ("amber", "dots"),
    "run-going": ("accent", "half"),
    "run-paused": ("amber", "bar"),
    "run-done": ("good", "tick"),
    "run-stopped": ("quiet", "square"),
    "line-later": ("quiet", "ring"),
    "line-planned": ("calm", "dots"),
    "line-waiting": ("calm", "half"),
    "line-hand": ("accent", "flag"),
    "line-confirming": ("accent", "dots"),
    "line-done": ("good", "tick"),
    "line-late": ("red", "flag"),
    "line-skipped": ("quiet", "bar"),
    "line-failed": ("red", "cross"),
    "line-unknown": ("amber", "half"),
    "launch-going": ("accent", "half"),
    "launch-paused": ("amber", "bar"),
    "launch-ended": ("quiet", "square"),
}


class SopConfig(AppConfig):
    name = "huoqun.sop"
    label = "sop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation, states  # noqa: PLC0415
        from huoqun.sop.pages.waiting import badge  # noqa: PLC0415

        navigation.add(navigation.Item("sop:playbooks", _("Playbooks"), "bookmark", 230, badge=badge))
        for code, (tone, shape) in MARKS.items():
            states.mark(code, tone=tone, shape=shape)
