"""The picture of who answers whom, and the table that says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from huoqun.community.models import House
from huoqun.console.charts import Table
from huoqun.console.figures import count_words
from huoqun.console.navigation import Words
from huoqun.health.models import Role
from huoqun.health.pages.group.ties import CONNECTED, Standing, Tie

KINDS: Mapping[str, Any] = {**dict(Role.choices), "house": gettext_lazy("House accounts")}
"""What a dot can be. The house is one kind, whatever kind of house account it is."""
STRONG = 3
"""A tie of so many messages is called strong."""


@dataclass(frozen=True, slots=True)
class Dot:
    name: str
    kind: str
    house: str
    messages: int


def dot(person: Mapping[str, Any], name: str) -> Dot:
    house = person.get("house") or ""
    kind = "house" if house else person.get("role") or Role.ONLOOKER.value
    return Dot(name, kind, house, int(person.get("messages") or 0))


def distinct(names: Sequence[str]) -> list[str]:
    """Two people of one name are told apart, so that each can be searched for."""
    seen: Counter[str] = Counter()
    called = []
    for name in names:
        seen[name] += 1
        called.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return called


@dataclass(frozen=True)
class Network:
    """A chart of `console.charts`, drawn by static/console/network.js."""

    title: Words
    dots: Sequence[Dot]
    ties: Sequence[Tie]
    standings: Mapping[int, Standing]

    def plain(self) -> dict[str, Any]:
        return {
            "kind": "network",
            "dots": [[dot.name, dot.kind, dot.messages] for dot in self.dots],
            "ties": [[tie.a, tie.b, round(tie.there, 1), round(tie.back, 1), round(tie.certainty, 2)] for tie in self.ties],
            "kinds": {code: str(words) for code, words in KINDS.items()},
            "strong": STRONG,
            "mutual": CONNECTED,
            "words": {
                "messages": pgettext("of something", "Messages"),
                "tied": _("Tied with"),
                "given": _("Answers given"),
                "got": _("Answers got"),
                "both": _("both ways"),
                "told": _("{name}: tied with {tied}, answers given {given}, answers got {got}."),
                "nobody": _("Nobody here is called that."),
                "shown": _("People shown: {people}, ties: {ties}."),
                "loose": _("Without a tie in this picture: {loose}."),
            },
        }

    def table(self) -> Table:
        heads = (_("Member"), _("Role"), _("Messages"), _("Tied with"), _("Answers given"), _("Answers got"))
        return Table(heads, tuple(self._row(place) for place in range(len(self.dots))))

    def _row(self, place: int) -> tuple[str, ...]:
        dot, stands = self.dots[place], self.standings.get(place, Standing(0, 0, 0))
        kind = House(dot.house).label if dot.house in House.values else KINDS.get(dot.kind, dot.kind)
        counts = (dot.messages, stands.people, round(stands.given, 1), round(stands.got, 1))
        return (dot.name, str(kind), *(count_words(count) for count in counts))
