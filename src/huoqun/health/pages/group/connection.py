"""Who is tied to whom, what holds without the house, and what would be left if the most helpful left (A08, A12, B16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.charts import Line, Series
from huoqun.console.figures import count_words, percent_words
from huoqun.health.models import GroupGraph, GroupHealth
from huoqun.health.pages.group import ties
from huoqun.health.pages.group.names import Names
from huoqun.health.pages.group.network import KINDS, Network, distinct, dot
from huoqun.health.pages.words import together

DRAWN = 500
"""More people cannot be told apart in a picture; those who say most come first."""


@dataclass(frozen=True, slots=True)
class Connection:
    sentence: str
    certainty: str
    facts: list[str]
    network: Network | None
    curve: Line | None
    curve_sentence: str
    kinds: list[tuple[str, str, int]]
    people: list[str]
    left_out: int


def keys(graph: GroupGraph | None) -> set[int]:
    return {person["key"] for person in graph.people[:DRAWN]} if graph else set()


def block(health: GroupHealth, graph: GroupGraph | None, names: Names) -> Connection | None:
    """None where nothing is known of ties; a group that was looked at and has none is told so."""
    figures = health.figures
    if graph is None and figures.get("pairs_connected") is None:
        return None
    network = _network(graph, names) if graph and graph.ties else None
    curve = _curve(graph) if graph and len(graph.curve) > 1 else None
    return Connection(
        sentence=_sentence(figures),
        certainty=_certainty(figures, graph),
        facts=[words for words in (_reciprocity(figures), _answerer(figures), _bridges(figures), _reached(figures)) if words],
        network=network,
        curve=curve,
        curve_sentence=_curve_sentence(graph, network) if graph else "",
        kinds=_kinds(network),
        people=sorted({dot.name for dot in network.dots}) if network else [],
        left_out=graph.left_out + max(0, len(graph.people) - DRAWN) if graph else 0,
    )


def _network(graph: GroupGraph, names: Names) -> Network:
    people = graph.people[:DRAWN]
    found = ties.among(ties.read(graph.ties), range(len(people)))
    called = distinct([names.of(person["key"]) for person in people])
    dots = [dot(person, name) for person, name in zip(people, called, strict=True)]
    return Network(_("Who answers whom"), dots, found, ties.standings(found))


def _kinds(network: Network | None) -> list[tuple[str, str, int]]:
    """What kinds of people the picture has, with how many of each: legend and filter at once."""
    present = [dot.kind for dot in network.dots] if network else []
    return [(code, str(words), present.count(code)) for code, words in KINDS.items() if code in present]


def _sentence(figures: Mapping[str, Any]) -> str:
    alone, whole = figures.get("largest_component_share"), figures.get("component_share_with_staff")
    if not figures.get("pairs_connected") or alone is None:
        return _("Nobody here is tied to anybody: no member answers another.")
    words = _("%(alone)s of the speakers hang together by answering each other, the house left out.")
    said = words % {"alone": percent_words(alone)}
    if whole is not None and whole - alone >= 0.1:
        words = _("With the house it is %(whole)s: the rest is tied to the house only.")
        return together(said, words % {"whole": percent_words(whole)})
    return said


def _certainty(figures: Mapping[str, Any], graph: GroupGraph | None) -> str:
    source = (graph.source if graph else "") or figures.get("ties_from")
    if source != "inferred":
        return ""
    sure = (graph.certainty if graph else None) or figures.get("tie_certainty")
    words = _("This carrier records no replies: who answers whom is inferred from time, names, words and turns.")
    if sure is None:
        return words
    return together(words, _("On average a tie is %(sure)s certain.") % {"sure": percent_words(sure)})


def _reciprocity(figures: Mapping[str, Any]) -> str:
    both, density = figures.get("reciprocity"), figures.get("tie_density")
    if both is None:
        return ""
    said = _("%(both)s of the ties go both ways.") % {"both": percent_words(both)}
    if density is None:
        return said
    words = _("%(density)s of all possible pairs have spoken to each other.")
    return together(said, words % {"density": percent_words(density)})


def _answerer(figures: Mapping[str, Any]) -> str:
    share = figures.get("top_answerer_share")
    if share is None:
        return ""
    return _("The one who answers most gives %(share)s of all answers.") % {"share": percent_words(share)}


def _bridges(figures: Mapping[str, Any]) -> str:
    people = figures.get("bridge_people")
    if not people:
        return ""
    words = ngettext("%(n)s speaker also speaks in another group.", "%(n)s speakers also speak in another group.", people)
    return words % {"n": count_words(people)}


def _reached(figures: Mapping[str, Any]) -> str:
    reached, staff = figures.get("newcomers_reached"), figures.get("newcomers_reached_by_staff")
    if not reached:
        return ""
    words = ngettext(
        "%(n)s newcomer who spoke was answered, %(staff)s by staff.",
        "%(n)s newcomers who spoke were answered, %(staff)s by staff.",
        reached,
    )
    return words % {"n": count_words(reached), "staff": count_words(staff)}


def _curve(graph: GroupGraph) -> Line:
    labels = [str(k) for k in range(1, len(graph.curve) + 1)]
    return Line(
        _("People left when everybody must be tied to at least so many of those left"),
        labels,
        [Series(_("People"), graph.curve)],
        first=_("Ties at least"),
    )


def _curve_sentence(graph: GroupGraph, network: Network | None) -> str:
    """What is said of leaving is counted among the people of the picture, house left out."""
    if network is None:
        return ""
    members = {place for place, dot in enumerate(network.dots) if dot.kind != "house"}
    removal = ties.without_those_who_answer_most(network.ties, members)
    if removal is None:
        return _("Too few people are tied together to say what would be left if some of them left.")
    words = _("If the %(gone)s who answer most left, %(left)s of %(people)s would still be connected.")
    told = {"gone": removal.gone, "left": count_words(removal.left), "people": count_words(removal.people)}
    core = _core(graph)
    return together(words % told, core) if core else words % told


def _core(graph: GroupGraph) -> str:
    deepest = max((k for k, people in enumerate(graph.curve, start=1) if people), default=0)
    if deepest < 2:
        return ""
    words = _("The innermost %(people)s are each tied to at least %(ties)s of one another.")
    return words % {"people": count_words(graph.curve[deepest - 1]), "ties": deepest}
