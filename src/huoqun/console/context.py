"""What every page knows."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from huoqun.console import doors, navigation
from huoqun.console.models import Staff


class House:
    """What stands around a page. Asked for by the template, so that an answer without a layout costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def staff(self) -> Staff | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, Staff) else None

    @cached_property
    def sections(self) -> list[tuple[navigation.Words, list[navigation.Shown]]]:
        """The navigation, in sections, in order."""
        if self.staff is None:
            return []
        grouped: dict[str, tuple[navigation.Words, list[navigation.Shown]]] = {}
        for one in navigation.shown(self.request, self.staff.role):
            grouped.setdefault(str(one.item.section), (one.item.section, []))[1].append(one)
        return list(grouped.values())

    @cached_property
    def switchers(self) -> list[navigation.Switcher]:
        return navigation.switchers(self.request) if self.staff else []

    @cached_property
    def banners(self) -> list[navigation.Banner]:
        return navigation.banners(self.request) if self.staff else []

    @cached_property
    def parts(self) -> list[navigation.Part]:
        return navigation.parts(self.request) if self.staff else []

    @cached_property
    def doors(self) -> list[doors.Door]:
        """Other ways in than a password."""
        return doors.doors(self.request)

    @property
    def languages(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)


def house(request: HttpRequest) -> dict[str, object]:
    return {"house": House(request)}
