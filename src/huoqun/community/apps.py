from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "huoqun.community"
    label = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not there before this moment.
        from huoqun.community.pages import live, looking  # noqa: PLC0415
        from huoqun.console import navigation  # noqa: PLC0415
        from huoqun.console.models import Role  # noqa: PLC0415

        section = _("House")
        navigation.add(
            navigation.Item("community:imports", _("Imports"), "upload", 300),
            navigation.Item("community:communities", _("Communities"), "settings", 900, section, roles=(Role.ADMIN, Role.LEAD)),
        )
        navigation.add_switcher("community", looking.switcher)
        navigation.add_banners("community", live.banners)
