"""What the console shows around every page: ways to go, what is looked at, warnings.

Rooms above register here from `AppConfig.ready()`; the console never imports them. Registering again replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Badge:
    """A small number beside an item. `words` says to a screen reader what is counted."""

    number: int
    words: Words
    tone: str = "amber"
    """amber, red or quiet."""


@dataclass(frozen=True)
class Item:
    """A way to go. `roles` empty: for everybody. `icon` is a name of the sprite (tools/static_files.py, ICONS)."""

    url_name: str
    label: Words
    icon: str
    order: int
    section: Words = ""
    roles: Collection[str] = ()
    badge: Callable[[HttpRequest], Badge | None] | None = None
    """Asked for after the page is there, so that no page waits for it."""

    @property
    def counts(self) -> bool:
        return self.badge is not None

    @property
    def mark(self) -> str:
        """What its number is called on the page."""
        return f"tally-{self.url_name.replace(':', '-')}"

    def is_for(self, role: str) -> bool:
        return not self.roles or role in self.roles


@dataclass(frozen=True)
class Choice:
    label: Words
    url: str
    chosen: bool = False


@dataclass(frozen=True)
class Switcher:
    """Lets somebody choose what all pages look at, such as the community."""

    name: str
    label: Words
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.chosen), None)


@dataclass(frozen=True)
class Banner:
    """A warning above every page, with the action that mends it beside it."""

    words: Words
    tone: str = "amber"
    """amber: look at this soon. red: something is not working."""
    url: str = ""
    action: Words = ""


@dataclass(frozen=True)
class Part:
    """A piece of every page's head, drawn by its room's own template, which finds `values` under the name `part`."""

    template: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Onward:
    """A way on from one thing's page to what a room above knows of the same thing, under the same number."""

    url_name: str
    label: Words
    icon: str


@dataclass(frozen=True)
class Shown:
    """An item as one request shows it."""

    item: Item
    url: str
    active: bool


_items: dict[str, Item] = {}
_switchers: dict[str, Callable[[HttpRequest], Switcher | None]] = {}
_banners: dict[str, Callable[[HttpRequest], Iterable[Banner]]] = {}
_parts: dict[str, tuple[str, Callable[[HttpRequest], Mapping[str, Any] | None]]] = {}

_onward: dict[str, dict[str, Onward]] = {}


def add(*items: Item) -> None:
    """Put ways to go into the navigation."""
    _items.update({item.url_name: item for item in items})


def add_switcher(name: str, make: Callable[[HttpRequest], Switcher | None]) -> None:
    """`make` is asked once a page; None shows no switcher."""
    _switchers[name] = make


def add_banners(name: str, make: Callable[[HttpRequest], Iterable[Banner]]) -> None:
    """`make` is asked once a page: keep it to one cheap query."""
    _banners[name] = make


def add_part(name: str, template: str, make: Callable[[HttpRequest], Mapping[str, Any] | None]) -> None:
    """`make` is asked once a page for what the template needs; None leaves the part out."""
    _parts[name] = (template, make)


def add_onward(page: str, *ways: Onward) -> None:
    """`page` is the address's name of the page below; its template shows them with `{% onward "content:broadcast" pk %}`."""
    _onward.setdefault(page, {}).update({way.url_name: way for way in ways})


def onward(page: str) -> list[Onward]:
    return list(_onward.get(page, {}).values())


def items_for(role: str) -> list[Item]:
    return sorted((item for item in _items.values() if item.is_for(role)), key=lambda item: item.order)


def shown(request: HttpRequest, role: str) -> list[Shown]:
    """The items this person may follow, the one they are on marked (the longest address that leads here)."""
    places = [(item, reverse(item.url_name)) for item in items_for(role)]
    here = max((url for _, url in places if leads_to(url, request.path)), key=len, default=None)
    return [Shown(item, url, url == here) for item, url in places]


def badges(request: HttpRequest, role: str) -> list[tuple[Item, Badge | None]]:
    """The numbers beside the items this person may follow; None where there is nothing to count."""
    return [(item, item.badge(request)) for item in items_for(role) if item.badge]


def leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def switchers(request: HttpRequest) -> list[Switcher]:
    made = (make(request) for make in _switchers.values())
    return [switcher for switcher in made if switcher is not None]


def banners(request: HttpRequest) -> list[Banner]:
    """The red ones first."""
    found = [banner for make in _banners.values() for banner in make(request)]
    return sorted(found, key=lambda banner: banner.tone != "red")


def parts(request: HttpRequest) -> list[Part]:
    made = [(template, make(request)) for template, make in _parts.values()]
    return [Part(template, values) for template, values in made if values is not None]
