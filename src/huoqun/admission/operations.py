"""The only place which changes this room's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from huoqun.admission import queries
from huoqun.admission.errors import NoCarrier, SourceTaken
from huoqun.admission.models import Greeting, Welcome
from huoqun.admission.rules import Verdict, filled, text_for, verdict
from huoqun.admission.words import BY_REQUEST
from huoqun.community import queries as community_queries
from huoqun.community.models import Community
from huoqun.console.models import Staff
from huoqun.outbox import operations as outbox
from huoqun.outbox.types import Ask
from huoqun.vocabulary.actions import Body, MakeGroupWelcome, WelcomeMember
from huoqun.vocabulary.events import ContactAdded
from huoqun.vocabulary.facts import RequestSettled
from huoqun.vocabulary.ids import folded, person_key

ROOM = "admission"
FOR_GROUPS = queries.FOR_GROUPS

FIRST = 1
"""Before everything else in the outbox: for nothing else there are only seconds."""


def write(
    community: Community, source: str, text: str, *, link_url: str, link_title: str, is_on: bool, by: Staff, now: datetime
) -> Welcome:
    """From now on whoever comes by this source is welcomed so. Raises SourceTaken where it has a text already."""
    facts = {"text": text, "link_url": link_url, "link_title": link_title, "is_on": is_on, "changed_by": by, "changed_at": now}
    welcome, new = Welcome.objects.get_or_create(community=community, source=source, defaults=facts)
    if not new:
        raise SourceTaken(welcome)
    return welcome


def rewrite(
    welcome: Welcome, source: str, text: str, *, link_url: str, link_title: str, is_on: bool, by: Staff, now: datetime
) -> None:
    """Raises SourceTaken where another text is for that source."""
    with transaction.atomic():
        others = Welcome.objects.filter(community=welcome.community, source=source).exclude(pk=welcome.pk)
        if other := others.select_for_update().first():
            raise SourceTaken(other)
        welcome.source, welcome.text, welcome.link_url, welcome.link_title = source, text, link_url, link_title
        welcome.is_on, welcome.changed_by, welcome.changed_at = is_on, by, now
        welcome.save()


def remove(welcome: Welcome) -> None:
    """Whoever came by it gets the text for everybody from now on."""
    welcome.delete()


def prepare_for_groups(home: Community, body: Body, *, tells_owners: bool, by: Staff, now: datetime) -> None:
    """The carrier is asked to keep these words for groups; the same words on the same day are asked for once. Raises NoCarrier
    where no live account could.
    """
    account = queries.account_keeping_words(home)
    if account is None:
        raise NoCarrier
    said = folded("group-welcome", body.text, body.link.url if body.link else "", str(tells_owners))
    action = MakeGroupWelcome(account=account, body=body, tells_owners=tells_owners)
    outbox.ask(action, key=f"group-welcome/{now:%Y-%m-%d}/{said:x}", room=ROOM, about=FOR_GROUPS, by=by, now=now)


def greet(community: Community, added: Collection[ContactAdded], *, now: datetime) -> int:
    """Ask for a welcome for each of them, where there is a code, a text, and time left. Returns how many were asked for.

    Hearing of the same coming again changes nothing. Nothing is kept about erased people, so they are not greeted.
    """
    erased = community_queries.erased_keys(community.slug)
    added = [event for event in added if person_key(event.account, event.person.id) not in erased]
    welcomes = queries.welcomes_on(community)
    texts = {source: welcome.text for source, welcome in welcomes.items()}
    colleagues = queries.names({person_key(event.account, event.staff_id) for event in added})
    people = queries.names({person_key(event.account, event.person.id) for event in added if not event.person.name})
    met = queries.met_already(person_key(event.account, event.person.id) for event in added if not event.code)
    rows: list[Greeting] = []
    wishes: list[Ask] = []
    for event in added:
        text, row = text_for(texts, event.source), _greeting(community, event)
        if not event.code and (row.person_key, row.staff_key) in met:
            continue  # the colleague has only said yes now to somebody who came before
        row.outcome = verdict(code=event.code, expires_at=event.code_expires_at, has_text=bool(text), now=now)
        if row.outcome == Verdict.WELCOME:
            name = event.person.name or people.get(row.person_key, "")
            values = {"name": name, "colleague": colleagues.get(row.staff_key, ""), "community": community.name}
            row.text = filled(text, values)
            welcome = welcomes.get(event.source) or welcomes[""]
            wishes.append(_wish(event, welcome, row))
        rows.append(row)
    with transaction.atomic():
        Greeting.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
        return outbox.ask_many(wishes, now=now)


def _greeting(community: Community, event: ContactAdded) -> Greeting:
    return Greeting(
        community=community,
        key=(f"welcome/{event.code}" if event.code else f"met/{event.source_id}")[:200],
        person_key=person_key(event.account, event.person.id),
        staff_key=person_key(event.account, event.staff_id),
        source=event.source[:64],
        came_at=event.at,
    )


def _wish(event: ContactAdded, welcome: Welcome, row: Greeting) -> Ask:
    return Ask(
        action=WelcomeMember(
            account=event.account, member_id=event.person.id, code=event.code, body=welcome.body(row.text)
        ),
        key=row.key,
        room=ROOM,
        about=f"person/{row.person_key}",
        expires=event.code_expires_at,
        priority=FIRST,
    )  # fmt: skip


def follow(facts: Iterable[RequestSettled]) -> None:
    """How each welcome ended."""
    by_community: dict[str, dict[str, RequestSettled]] = defaultdict(dict)
    for fact in facts:
        by_community[fact.community][fact.request] = fact
    for slug, settled in by_community.items():
        rows = list(Greeting.objects.filter(community__slug=slug, key__in=settled).select_for_update())
        for row in rows:
            _end(row, settled)
        Greeting.objects.bulk_update(rows, ["outcome", "reason", "settled_at"], batch_size=500)


def _end(row: Greeting, settled: Mapping[str, RequestSettled]) -> None:
    fact = settled[row.key]
    row.outcome = BY_REQUEST.get(fact.outcome, row.outcome)
    row.reason, row.settled_at = fact.reason[:500], fact.at


def forget(people: Collection[int]) -> None:
    """Nothing is kept about erased people."""
    Greeting.objects.filter(person_key__in=people).delete()
