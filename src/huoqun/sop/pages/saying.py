"""What a playbook would say in real groups, and when, before anything is sent. Nothing here is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, Count, Min, QuerySet, When
from django.utils.translation import gettext as _

from huoqun.community.models import Community, Group, Identity, Person
from huoqun.content.queries.ways import by_hand
from huoqun.content.rules.filling import Unfilled
from huoqun.sop import queries
from huoqun.sop.asked import Lookups
from huoqun.sop.holidays import known, note_of
from huoqun.sop.models import Launch, Run
from huoqun.sop.operations.calendar import anchors_of
from huoqun.sop.operations.laying import Scene, known_to
from huoqun.sop.operations.scenes import known_of, values_of
from huoqun.sop.pages import telling
from huoqun.sop.pages.telling import heading, kind_words
from huoqun.sop.parts.shape import Words
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.playbooks.voices import said_by
from huoqun.sop.rules.answers import answered, way
from huoqun.sop.rules.days_off import days_of, is_asked
from huoqun.sop.rules.moments import moment
from huoqun.sop.steps import Approval, Branch, Message, Step, Todo, Topic, Wait
from huoqun.sop.whom import NOBODY, meant_in
from huoqun.sop.words import why as why_words

SOON = timedelta(days=92)
"""So far ahead the next start by the calendar is looked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text of one step in one group. `missing`: variables without a value here."""

    step: Step
    at: datetime | None
    kind: str
    heading: str
    persona: str
    text: str
    missing: tuple[str, ...] = ()
    to: str = ""
    """Whom exactly, where it is for a role; as of now."""
    is_wrong: bool = False
    """Nobody is meant here."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A text that cannot be said in some groups."""

    heading: str
    names: tuple[str, ...]
    groups: int
    example: str


def scene_of(
    book: Playbook, home: Community, group: Group, *, answers: Mapping[str, str], now: datetime, member: Identity | None = None
) -> Scene:
    """As the planner would see it, of a run that is nowhere kept."""
    launch = Launch(community=home, answers=dict(answers))
    run = Run(launch=launch, group=group, member=member, anchor=now, before=now)
    account = by_hand(home, group.carrier)
    group.community = home
    return Scene(
        run=run,
        book=book,
        account=account,
        zone=ZoneInfo(home.zone),
        lines={},
        values=values_of(run, group, home),
    )


def looked_into(scene: Scene, *, now: datetime) -> Scene:
    """With whom its messages are for, and what its forks ask."""
    run = scene.run
    return replace(
        scene,
        meant=meant_in(scene.book, run.group, now=now),
        known=known_of(run, scene.book),
        lookups=Lookups([run], now=now),
    )


def said_in(scene: Scene, *, anchor: datetime, each_persona: bool = False) -> list[Said]:
    """Every text, in the order of the steps."""
    found = []
    for step, at in expected(scene.book, anchor, scene.zone, seed=scene.seed):
        if isinstance(step, Branch) and scene.lookups is not None:
            found.append(_fork(scene, step, at))
        for persona, text, words in _texts(step, each_persona):
            found.append(_said(scene, step, at or anchor, persona, text, words, known=at))
    return found


def _fork(scene: Scene, step: Branch, at: datetime | None) -> Said:
    """Which way it would go if it came to it now."""
    text = telling.detail(step)
    if step.question.of:
        return Said(step, at, kind_words(step), heading(step), "", text)
    known = known_to(step, scene, at or scene.run.anchor)
    unknown = answered(step.question, known) is None
    words = {"yes": _("yes"), "no": _("no"), "end": _("ended the run")}[way(step, known)]
    said = _("As of now: %(way)s, for nothing is known of it.") if unknown else _("As of now: %(way)s.")
    return Said(step, at, kind_words(step), heading(step), "", f"{text}\n{said % {'way': words}}")


def _said(
    scene: Scene, step: Step, at: datetime, persona: str, text: str, words: Words | None, *, known: datetime | None
) -> Said:
    missing: tuple[str, ...] = ()
    to, nobody = "", False
    if isinstance(step, Message) and step.to != "member" and scene.lookups is not None:
        meant = scene.meant.get(step.key, NOBODY)
        to, nobody = telling.to_words([person.name for person in meant.people], of=meant.of), not meant.people
        first = meant.people[0].name if meant.people else "…"
        scene = replace(scene, values=scene.values | {"member": first})
    try:
        text = scene.said(step, words, at) if words else scene.filled(text, at)
    except Unfilled as unfilled:
        missing = unfilled.names
    return Said(step, known, kind_words(step), heading(step), persona, text, missing, to, nobody)


def _texts(step: Step, each_persona: bool) -> Iterator[tuple[str, str, Words | None]]:
    if isinstance(step, Todo):
        yield "", step.task, None
    if isinstance(step, Approval):
        yield "", step.question, None
    for _name, words in said_by(step):
        yield "", words.text, words
        for persona, text in words.personas.items() if each_persona else ():
            yield persona, text, Words(text=text, slots=words.slots)
    if isinstance(step, Topic) and step.seeds:
        yield "", "\n".join(step.seeds), None


def expected(
    book: Playbook, anchor: datetime, zone: ZoneInfo, *, seed: str, before: datetime | None = None, first: int = 0
) -> Iterator[tuple[Step, datetime | None]]:
    """When each step comes if nothing holds it up; None after something nobody knows the time of."""
    ended: datetime | None = before or anchor
    days = days_of(book, known())
    for step in book.steps[first:]:
        fixed = step.at.time is not None or step.at.offset is not None
        if ended is None and not fixed:
            yield step, None
            continue
        at = moment(step, anchor=anchor, before=ended or anchor, zone=zone, seed=seed, days=days)
        yield step, at
        ended = _ended(step, at)


def _ended(step: Step, at: datetime) -> datetime | None:
    if isinstance(step, Wait):
        return None if step.fact else at + step.limit.delta
    return None if isinstance(step, Approval) else at


def day_off(book: Playbook, step: Step, at: datetime | None, zone: ZoneInfo) -> str:
    """Why it will be left out on the day it comes, as far as that is known; "": it will not."""
    if at is None or (found := days_of(book, known()).left_out(step, at, zone)) is None:
        return ""
    return why_words(": ".join(filter(None, found)))


def holidays_note(book: Playbook, *, now: datetime) -> str:
    """That a year which comes soon is not known, where it makes a difference to this playbook."""
    return note_of(now.date(), (now + SOON).date()) if is_asked(book) else ""


def next_anchor(book: Playbook, event_at: datetime | None, home: Community, *, now: datetime) -> datetime:
    """The next moment runs are about; now where none is known."""
    anchors = anchors_of(book, event_at, now, now + SOON, ZoneInfo(home.zone))
    return min(anchors, default=event_at or now)


def a_member(group: Group, people: QuerySet[Person] | None = None) -> Identity | None:
    """Somebody real, of these people where not all are meant, so that a private text can be shown."""
    here = queries.guests(Group.objects.filter(pk=group.pk), people)
    found = here.exclude(identity__name="").select_related("identity__person").order_by("pk").first()
    return found.identity if found else None


def troubles(
    book: Playbook, home: Community, groups: QuerySet[Group], *, answers: Mapping[str, str], now: datetime
) -> list[Trouble]:
    """Texts with a variable that has no value in some of these groups: groups are told apart by what they have values for."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[int, str]]] = {}
    for number, group in _kinds(groups):
        scene = scene_of(book, home, group, answers=answers, now=now, member=Identity(name="·"))
        for said in said_in(scene, anchor=now, each_persona=True):
            if said.missing:
                found.setdefault((said.heading, said.missing), []).append((number, str(group)))
    return [
        Trouble(heading, names, sum(number for number, _name in where), where[0][1])
        for (heading, names), where in found.items()
    ]


def _kinds(groups: QuerySet[Group]) -> list[tuple[int, Group]]:
    """How many groups there are with and without a name and an operator, and one of each."""
    plain = Group.objects.filter(pk__in=groups.order_by().values("pk"))
    named = Case(When(name="", then=False), default=True, output_field=BooleanField())
    cared_for = Case(When(operator=None, then=False), default=True, output_field=BooleanField())
    counted = plain.annotate(named=named, cared_for=cared_for).values("named", "cared_for").order_by()
    rows = list(counted.annotate(number=Count("pk"), one=Min("pk")))
    examples = Group.objects.select_related("operator").in_bulk([row["one"] for row in rows])
    return [(row["number"], examples[row["one"]]) for row in rows]
