"""Other ways in than a password. Who has one registers it here from `AppConfig.ready()`; registering again replaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from huoqun.console.navigation import Words


@dataclass(frozen=True)
class Door:
    """A way in. `issuer` is whose passport opens it (`models.Passport`)."""

    issuer: str
    label: Words
    url: str
    """Where it begins; takes `next` and, for somebody who is signed in and wants to come in this way too, `link=1`."""
    icon: str = "login"
    straight: bool = False
    """This browser is within the other house already: it needs no question to go through."""


_doors: dict[str, Callable[[HttpRequest], Iterable[Door]]] = {}


def add(name: str, make: Callable[[HttpRequest], Iterable[Door]]) -> None:
    _doors[name] = make


def doors(request: HttpRequest) -> list[Door]:
    return [door for make in _doors.values() for door in make(request)]


def straight(request: HttpRequest) -> Door | None:
    """The one to take without asking, where there is exactly one."""
    found = [door for door in doors(request) if door.straight]
    return found[0] if len(found) == 1 else None
