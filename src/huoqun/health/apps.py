from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthConfig(AppConfig):
    name = "huoqun.health"
    label = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The navigation's registry needs the models of the rooms below.
        from huoqun.console import navigation  # noqa: PLC0415
        from huoqun.health import queries  # noqa: PLC0415
        from huoqun.sop.whom import key_people_are  # noqa: PLC0415

        navigation.add(
            navigation.Item("health:home", _("Today"), "home", 10),
            navigation.Item("health:portfolio", _("Portfolio"), "chart-line", 15),
            navigation.Item("health:groups", _("Groups"), "users-group", 20),
            navigation.Item("health:people", _("People"), "user", 30),
            navigation.Item("health:reports", _("Reports"), "download", 40),
        )
        navigation.add_onward("content:broadcast", navigation.Onward("health:followed", _("What followed"), "chart-line"))
        navigation.add_onward("sop:launch", navigation.Onward("health:trial", _("Does it help?"), "chart-line"))
        navigation.add_onward("sop:start", navigation.Onward("health:trial_offer", _("Offer a fair test"), "chart-line"))
        key_people_are(queries.key_people)
        navigation.add_onward("who:person", navigation.Onward("health:person", _("Everything about them"), "user"))
        navigation.add_onward("who:group", navigation.Onward("health:group", _("How the group is"), "heartbeat"))
