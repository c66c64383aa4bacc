from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdmissionConfig(AppConfig):
    name = "huoqun.admission"
    label = "admission"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.console import navigation, states  # noqa: PLC0415

        navigation.add(navigation.Item("admission:welcomes", _("Welcome"), "flag-check", 236))
        states.mark("greeting-asked", tone="accent", shape="dots")
        states.mark("greeting-sent", tone="good", shape="tick")
        states.mark("greeting-late", tone="red", shape="bar")
        states.mark("greeting-refused", tone="amber", shape="cross")
        states.mark("greeting-unknown", tone="amber", shape="dots")
        states.mark("greeting-no_code", tone="quiet", shape="ring")
        states.mark("greeting-no_text", tone="quiet", shape="ring")
        states.mark("greeting-stopped", tone="quiet", shape="square")
