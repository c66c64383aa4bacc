"""The map of groups: who grows, and who lives. Growing is not living (A20): a group can take in people and fall silent."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.charts import Table
from huoqun.console.charts_flows import Axis, Kind, Map, Spot
from huoqun.console.figures import count_words
from huoqun.health.pages.group_columns import chance_words
from huoqun.health.pages.words import STATES, state_words
from huoqun.health.queries import Placed

EDGE = 30.0
"""People won or lost a month per hundred members; who is beyond stands at the edge, with the true figure in the tip."""
FOLD = 3.0
"""So many doublings or halvings of the level of talk; who is beyond stands at the edge."""
NEARLY = 0.999
"""Chances are drawn by their odds, or all living groups would stand on one line; who is surer than this stands at the edge."""
ONE_BY_ONE = 600
"""So many groups are drawn as themselves; more are drawn together where they stand close."""
ACROSS, UPWARDS = 20, 12
ALIVE = 0.5
"""From here up a group is more likely alive than not."""


@dataclass(frozen=True, slots=True)
class Place:
    group: Placed
    growth: float
    """People won in 30 days per hundred members."""
    life: float
    """A chance from 0 to 1, or doublings of the level."""

    @property
    def grows(self) -> int:
        return (self.growth > 0) - (self.growth < 0)


@dataclass(frozen=True, slots=True)
class LifeMap:
    """`chart` None: of no group both figures are known."""

    sentence: str
    chart: Map | None
    left_out: str
    """Which groups are not drawn, and why; "" where all are."""
    many: bool
    by_level: bool


def growth(group: Placed) -> float | None:
    """Net growth in 30 days per hundred members; None where joins and leaves are not reported, or nobody is known."""
    if group.joins is None or group.leaves is None or not group.members:
        return None
    return 100 * (group.joins - group.leaves) / group.members


def level(group: Placed) -> float:
    """Doublings of the group's own level of talk at its last change; 0 where it did not change."""
    if group.level_before is None or group.level_now is None:
        return 0.0
    if group.level_now <= 0:
        return -FOLD if group.level_before > 0 else 0.0
    return math.log2(group.level_now / group.level_before) if group.level_before > 0 else FOLD


def places(groups: Iterable[Placed], *, by_level: bool) -> list[Place]:
    found = []
    for group in groups:
        across, upwards = growth(group), level(group) if by_level else group.p_alive
        if across is not None and upwards is not None:
            found.append(Place(group, across, upwards))
    return found


def draw(groups: Sequence[Placed], *, by_level: bool = False) -> LifeMap:
    drawn = places(groups, by_level=by_level)
    many = len(drawn) > ONE_BY_ONE
    chart = _chart(drawn, many, by_level) if drawn else None
    return LifeMap(_sentence(drawn, by_level), chart, _left_out(len(groups) - len(drawn)), many, by_level)


def _sentence(drawn: list[Place], by_level: bool) -> str:
    if not drawn:
        return _("Growth is not known: joins and leaves are not reported for these groups.")
    below = [place for place in drawn if place.life < (0 if by_level else ALIVE)]
    figures = {
        "growing": count_words(sum(place.growth > 0 for place in drawn)),
        "hollow": count_words(sum(place.growth > 0 for place in below)),
        "groups": count_words(len(drawn)),
    }
    words = _("%(growing)s of %(groups)s groups gain members; %(hollow)s of these are more likely silent than alive.")
    if by_level:
        words = _("%(growing)s of %(groups)s groups gain members; in %(hollow)s of these people talk less than before.")
    return words % figures


def _left_out(number: int) -> str:
    words = ngettext(
        "%(number)s group is not drawn: its joins and leaves, or its members, are not known.",
        "%(number)s groups are not drawn: their joins and leaves, or their members, are not known.",
        number,
    )
    return words % {"number": count_words(number)} if number else ""


def _chart(drawn: list[Place], many: bool, by_level: bool) -> Map:
    by_state: dict[str, list[Place]] = defaultdict(list)
    for place in drawn:
        by_state[place.group.state].append(place)
    spots = _together if many else _alone
    kinds = [Kind(state, state_words(state), spots(by_state[state], by_level)) for state in STATES if by_state[state]]
    upwards = _("Level of talk, now to before") if by_level else _("Alive")
    return Map(
        _("Groups by life and growth"),
        kinds,
        _across(),
        _level_axis(upwards) if by_level else _alive_axis(upwards),
        heads=(_("Group"), _("State"), _("Net growth in 30 days, per 100 members"), upwards, _("Members")),
        counted=_counted(by_state) if many else None,
        corners=_corners(by_level),
    )


def _corners(by_level: bool) -> tuple[str, ...]:
    if by_level:
        above = (_("talk more, lose members"), _("talk more, gain members"))
        return (*above, _("talk less, lose members"), _("talk less, gain members"))
    return (_("alive, losing members"), _("alive and growing"), _("silent, losing members"), _("silent, though growing"))


def _across() -> Axis:
    ticks = [(-EDGE, "≤ −30"), *((float(place), _signed(place)) for place in (-20, -10, 0, 10, 20)), (EDGE, "≥ +30")]
    return Axis(_("Net growth in 30 days, per 100 members"), ticks, middle=0.0)


def _alive_axis(words: str) -> Axis:
    ticks = [(1 - NEARLY, "≤ 0.1%"), (0.01, "1%"), (0.1, "10%"), (0.5, "50%"), (0.9, "90%"), (0.99, "99%"), (NEARLY, "≥ 99.9%")]
    return Axis(words, [(_odds(chance), said) for chance, said in ticks], middle=_odds(ALIVE))


def _odds(chance: float) -> float:
    """Their logarithm, within the edges."""
    within = min(NEARLY, max(1 - NEARLY, chance))
    return round(math.log(within / (1 - within)), 3)


def _level_axis(words: str) -> Axis:
    return Axis(
        words, [(-3.0, "≤ ⅛"), (-2.0, "¼"), (-1.0, "½"), (0.0, "1"), (1.0, "×2"), (2.0, "×4"), (3.0, "≥ ×8")], middle=0.0
    )


def _signed(number: float) -> str:
    words = f"{number:+.0f}" if abs(number) >= 10 or float(number).is_integer() else f"{number:+.1f}"
    return words.replace("-", "−") if number else "0"


def _told(place: Place, by_level: bool) -> tuple[str, ...]:
    life = f"×{2**place.life:.2f}" if by_level else chance_words(place.life)
    return (_signed(place.growth), life, count_words(place.group.members))


def _spot(place: Place, by_level: bool) -> tuple[float, float]:
    upwards = _within(place.life, FOLD) if by_level else _odds(place.life)
    return _within(place.growth, EDGE), upwards


def _within(value: float, edge: float) -> float:
    return max(-edge, min(edge, value))


def _alone(found: list[Place], by_level: bool) -> list[Spot]:
    ordered = sorted(found, key=lambda place: place.life)
    return [_one(place, by_level) for place in ordered]


def _one(place: Place, by_level: bool, size: int | None = None) -> Spot:
    """`size` is the members' number where nothing else is asked."""
    x, y = _spot(place, by_level)
    name = place.group.name or str(place.group.group_id)
    address = reverse("health:group", args=[place.group.group_id])
    drawn = size if size is not None else place.group.members or 0
    return Spot(round(x, 1), round(y, 3), drawn, name, address, _told(place, by_level))


def _together(found: list[Place], by_level: bool) -> list[Spot]:
    """Those that stand close as one mark, as large as they are many; it leads to the list of them."""
    top = FOLD if by_level else _odds(1.0)
    wide, high = 2 * EDGE / ACROSS, 2 * top / UPWARDS
    cells: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in found:
        x, y = _spot(place, by_level)
        cells[round(x / wide), min(UPWARDS - 1, int((y + top) / high))].append(place)
    return [_cell(cell, by_level) for cell in cells.values()]


def _cell(cell: list[Place], by_level: bool) -> Spot:
    if len(cell) == 1:
        return _one(cell[0], by_level, size=1)
    at = [fmean(values) for values in zip(*(_spot(place, by_level) for place in cell), strict=True)]
    ends = [(min(values), max(values)) for values in ([p.growth for p in cell], [p.life for p in cell])]
    name = ngettext("%(n)s group", "%(n)s groups", len(cell)) % {"n": count_words(len(cell))}
    life = [f"×{2**end:.2f}" if by_level else chance_words(end) for end in ends[1]]
    members = count_words(sum(place.group.members or 0 for place in cell))
    told = (_between(*(_signed(end) for end in ends[0])), _between(*life), members)
    return Spot(round(at[0], 2), round(at[1], 3), len(cell), name, _list_of(cell, ends, by_level), told, len(cell))


def _between(low: str, high: str) -> str:
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _list_of(cell: list[Place], ends: list[tuple[float, float]], by_level: bool) -> str:
    """The list of groups, narrowed to those of a cell: a little wider than it, so that rounding loses nobody."""
    (left, right), (low, high) = ends
    growth_ends = f"growth_from={_down(left)}&growth_to={_up(right)}"
    life_ends = "" if by_level else f"&alive_from={_down(low * 100)}&alive_to={_up(high * 100)}"
    return f"{_groups_page()}?state={cell[0].group.state}&{growth_ends}{life_ends}"


def _groups_page() -> str:
    return reverse("health:groups")


def _down(value: float) -> str:
    """In tenths; plain digits, as they stand in an address."""
    return f"{math.floor(value * 10) / 10:g}"


def _up(value: float) -> str:
    return f"{math.ceil(value * 10) / 10:g}"


def _counted(by_state: dict[str, list[Place]]) -> Table:
    """How many groups of each state lose members, stand still and grow; each number leads to its groups."""
    heads = (_("State"), _("losing members"), _("neither"), _("gaining members"))
    rows = []
    for state in STATES:
        if by_state[state]:
            counted = Counter(place.grows for place in by_state[state])
            rows.append((state_words(state), *(_counted_link(state, way, counted[way]) for way in (-1, 0, 1))))
    return Table(heads, tuple(rows))


_GROWTH_ENDS = {-1: {"growth_to": "-0.001"}, 0: {"growth_from": "0", "growth_to": "0"}, 1: {"growth_from": "0.001"}}


def _counted_link(state: str, way: int, number: int) -> str:
    address = f"{_groups_page()}?{urlencode({'state': state, **_GROWTH_ENDS[way]})}"
    return format_html('<a href="{}">{}</a>', address, count_words(number)) if number else count_words(0)
