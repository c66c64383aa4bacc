"""What would be gained by which action, under the hours there are (A16, A17, B32): the audit's estimates, cut for any hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huoqun.console.charts import Bars, Series
from huoqun.console.figures import count_words
from huoqun.health.pages.next_words import action_words

FIRST = 10
Row = Mapping[str, Any]
"""As `causes.portfolio.AdviceRow` is stored."""


@dataclass(slots=True)
class Gain:
    """One action over all groups it is advised for."""

    action: str
    groups: int = 0
    hours: float = 0.0
    people: float = 0.0
    messages: float = 0.0
    groups_within: int = 0
    people_within: float = 0.0

    @property
    def words(self) -> str:
        return action_words(self.action)

    def add(self, row: Row, *, within: bool) -> None:
        self.groups += 1
        self.hours += row["hours"]
        self.people += row["people"]
        self.messages += row["messages"]
        self.groups_within += within
        self.people_within += row["people"] if within else 0.0


@dataclass(frozen=True, slots=True)
class Gains:
    hours: float
    """There are, a week."""
    asked: float
    """All advice together would take."""
    gains: list[Gain]
    first: list[Row]
    """The groups whose hours are best spent, the best first."""

    @property
    def groups(self) -> int:
        return sum(gain.groups for gain in self.gains)

    @property
    def within(self) -> int:
        return sum(gain.groups_within for gain in self.gains)

    @property
    def people(self) -> float:
        return sum(gain.people_within for gain in self.gains)

    @property
    def sentence(self) -> str:
        figures = {
            "hours": count_words(self.hours),
            "within": count_words(self.within),
            "groups": count_words(self.groups),
            "people": count_words(round(self.people)),
        }
        return (
            _(
                "With %(hours)s hours a week, %(within)s of the %(groups)s groups that need something can be looked after; "
                "that would keep or win back about %(people)s people."
            )
            % figures
        )

    @property
    def chart(self) -> Bars | None:
        won = [gain for gain in self.gains if gain.people >= 1]
        if not won:
            return None
        inside = Series(_("within the hours"), [round(gain.people_within) for gain in won], tone="accent")
        beyond = Series(_("beyond the hours"), [round(gain.people - gain.people_within) for gain in won], tone="quiet")
        return Bars(
            _("People kept or won back, by action"), [gain.words for gain in won], [inside, beyond], first=_("Next action")
        )


@dataclass(frozen=True, slots=True)
class Advised:
    """What the newest audit of one community advises. `hours` None: as many as the audit reckoned with."""

    advice: Mapping[str, Any]
    hours: float | None = None

    @property
    def rows(self) -> list[Row]:
        return list(self.advice.get("rows") or ())

    @property
    def there(self) -> float:
        return self.hours if self.hours is not None else float(self.advice.get("hours") or 0)

    @property
    def chosen(self) -> set[int]:
        if self.hours is None:
            return {row["group_key"] for row in self.rows if row["within"]}
        return _affordable(self.rows, self.hours)


def gains(communities: Sequence[Advised], *, hours: float | None = None) -> Gains | None:
    """`hours` tries so many for all communities together, whatever each has. None where nothing is advised."""
    rows = [row for one in communities for row in one.rows]
    if not rows:
        return None
    there = hours if hours is not None else sum(one.there for one in communities)
    chosen = _affordable(rows, hours) if hours is not None else set[int]().union(*(one.chosen for one in communities))
    by_action: dict[str, Gain] = {}
    for row in rows:
        by_action.setdefault(row["action"], Gain(row["action"])).add(row, within=row["group_key"] in chosen)
    ordered = sorted(by_action.values(), key=lambda gain: (-gain.people, -gain.groups))
    first = [row for row in _by_worth(rows) if row["group_key"] in chosen][:FIRST]
    return Gains(there, sum(gain.hours for gain in ordered), ordered, first)


def _by_worth(rows: Iterable[Row]) -> list[Row]:
    """The hour best spent first, as the audit orders them; over several communities by the same measure."""
    return sorted(rows, key=lambda row: (-_worth(row), row["hours"], row["group_key"]))


def _worth(row: Row) -> float:
    return row["people"] / row["hours"] if row["hours"] else 0.0


def _affordable(rows: Iterable[Row], hours: float) -> set[int]:
    """Taken in order while the hours last; what is too much for the rest is passed over."""
    left, chosen = hours, set()
    for row in _by_worth(rows):
        if row["hours"] <= left + 1e-9:
            left -= row["hours"]
            chosen.add(row["group_key"])
    return chosen
