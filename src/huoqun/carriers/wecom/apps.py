from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WeComConfig(AppConfig):
    name = "huoqun.carriers.wecom"
    label = "wecom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.carriers.operations import also_forget  # noqa: PLC0415
        from huoqun.carriers.queries import also_tell  # noqa: PLC0415
        from huoqun.carriers.wecom.callbacks.operations import forget_people as forget_deliveries  # noqa: PLC0415
        from huoqun.carriers.wecom.pages.sign_in import ways_in  # noqa: PLC0415
        from huoqun.carriers.wecom.personal import about, forget  # noqa: PLC0415
        from huoqun.console import doors, navigation, states  # noqa: PLC0415
        from huoqun.console.models import Role  # noqa: PLC0415

        also_forget(forget)
        also_forget(forget_deliveries)
        also_tell(about)
        in_charge = (Role.ADMIN, Role.LEAD)
        navigation.add(navigation.Item("wecom:companies", _("WeCom"), "plug-connected", 905, _("House"), roles=in_charge))
        doors.add("wecom", ways_in)
        states.mark("connection_good", tone="good", shape="tick")
        states.mark("connection_look", tone="amber", shape="half")
        states.mark("connection_bad", tone="red", shape="cross")
        states.mark("connection_untried", tone="quiet", shape="dots")
        states.mark("connection_unused", tone="quiet", shape="bar")
