"""Exactly who gets what, and who is left out and why. The preview shows it and sending does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from huoqun.community import queries as community
from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.console.models import Role, Staff
from huoqun.content.errors import TextIsWrong, TooMany
from huoqun.content.models import Broadcast, Recipient
from huoqun.content.queries import questions
from huoqun.content.queries.broadcasts import own_groups
from huoqun.content.queries.caps import capped
from huoqun.content.queries.ways import by_hand, ways_in
from huoqun.content.rules.choosing import GroupFacts, LeftOut, why_without_group, why_without_person
from huoqun.content.rules.filling import Unfilled, day_values, filled, wrongs
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State
from huoqun.ownership.queries import account_of, contacts, with_customers
from huoqun.vocabulary.actions import Action, MessageMember, PostMoment, PostToGroup
from huoqun.vocabulary.ids import Account

MOST = 20_000
"""So many private messages one broadcast may send at most: more is no longer talking to people."""


@dataclass(frozen=True, slots=True)
class Target:
    """One group or person, or one colleague who posts it. `left_out` None: it gets `text`, through `account`."""

    kind: Recipient.Kind
    key: int
    name: str
    group: Group | None
    identity: Identity | None
    account: Account
    by_hand: bool
    left_out: LeftOut | None
    text: str = ""
    missing: tuple[str, ...] = ()
    """Variables without a value here."""

    def action(self, broadcast: Broadcast, pictures: tuple[str, ...]) -> Action:
        body = broadcast.body(self.text, pictures)
        known_from = self.group.native_id if self.group else ""
        if self.identity is None:
            return PostToGroup(account=self.account, group_id=known_from, body=body)
        if self.kind == Recipient.Kind.COLLEAGUE:
            return PostMoment(account=self.account, body=body, staff_ids=(self.identity.native_id,))
        return MessageMember(account=self.account, member_id=self.identity.native_id, group_id=known_from, body=body)


@dataclass(frozen=True, slots=True)
class Audience:
    targets: tuple[Target, ...]

    @property
    def reached(self) -> list[Target]:
        return [target for target in self.targets if target.left_out is None]

    @property
    def without(self) -> list[Target]:
        return [target for target in self.targets if target.left_out is not None]

    @property
    def by_hand(self) -> int:
        return sum(target.by_hand for target in self.reached)

    @property
    def unfilled(self) -> list[Target]:
        return [target for target in self.reached if target.missing]

    @property
    def missing(self) -> list[str]:
        return list(dict.fromkeys(name for target in self.unfilled for name in target.missing))

    @property
    def reasons(self) -> Counter[LeftOut]:
        return Counter(target.left_out for target in self.without if target.left_out is not None)


def audience(broadcast: Broadcast, *, by: Staff, at: datetime) -> Audience:
    """As it is now, for going out at `at`. Raises TextIsWrong, NotAnswerable, TooMany."""
    if found := wrongs(broadcast.text, to_members=broadcast.to == Broadcast.To.MEMBERS):
        raise TextIsWrong(found)
    targets = _moments(broadcast, by) if broadcast.to == Broadcast.To.MOMENTS else _in_groups(broadcast, by)
    return Audience(tuple(_filled(broadcast, _without_capped(broadcast, targets, at), at)))


def _in_groups(broadcast: Broadcast, by: Staff) -> list[Target]:
    chosen = _groups(broadcast)
    posts = {target.group.pk: target for target in _posts(broadcast, chosen, by) if target.group}
    return list(posts.values()) if broadcast.to == Broadcast.To.GROUPS else _messages(broadcast, chosen, posts)


def _moments(broadcast: Broadcast, by: Staff) -> list[Target]:
    """Each colleague who has customers posts it; somebody who is not in charge asks only themselves."""
    home = broadcast.community
    own = None if by.role in {Role.ADMIN, Role.LEAD} else _own_ids(home, by)
    targets = []
    for colleague in with_customers(home):
        account = account_of(home, colleague.carrier)
        targets.append(
            Target(
                kind=Recipient.Kind.COLLEAGUE,
                key=colleague.key,
                name=str(colleague),
                group=None,
                identity=colleague,
                account=account,
                by_hand=account == by_hand(home, colleague.carrier),
                left_out=None if own is None or (colleague.carrier, colleague.native_id) in own else LeftOut.NOT_YOURS,
            )
        )
    return targets


def _own_ids(home: Community, by: Staff) -> set[tuple[str, str]]:
    return set(contacts(by).filter(community=home).values_list("carrier", "native_id"))


def _questions(broadcast: Broadcast) -> tuple[list[questions.Question], list[questions.Question]]:
    """About groups, and about people. A view's question is about what the broadcast goes to."""
    own = broadcast.questions.get("own", {})
    view = broadcast.questions.get("view", {})
    return ([own, view], []) if broadcast.to == Broadcast.To.GROUPS else ([own], [view])


def _groups(broadcast: Broadcast) -> QuerySet[Group]:
    # All have the same community, and few operators: neither is fetched for each.
    mine = Group.objects.filter(community=broadcast.community).only(
        "key", "carrier", "native_id", "name", "state", "operator_id"
    )
    return questions.groups(mine, _questions(broadcast)[0]).order_by("name", "pk")


def _posts(broadcast: Broadcast, chosen: QuerySet[Group], by: Staff) -> Iterable[Target]:
    groups = list(chosen)
    scope = set(own_groups(by).filter(community=broadcast.community).values_list("pk", flat=True))
    asked_states = {state for each in _questions(broadcast)[0] for state in each.get("state", ())}
    gone, ways = _dissolved(broadcast.community), ways_in(broadcast.community)
    operators = Staff.objects.in_bulk({group.operator_id for group in groups if group.operator_id})
    for group in groups:
        group.community, group.operator = broadcast.community, operators.get(group.operator_id)
        facts = GroupFacts(group.state, group.pk in scope, (group.carrier, group.native_id) in gone)
        way = ways.get(group.key)
        yield Target(
            kind=Recipient.Kind.GROUP,
            key=group.key,
            name=str(group),
            group=group,
            identity=None,
            account=way or by_hand(broadcast.community, group.carrier),
            by_hand=way is None,
            left_out=why_without_group(facts, asked_states),
        )


def _dissolved(home: Community) -> set[tuple[str, str]]:
    """(carrier, the carrier's id) of groups we dissolved."""
    done = Request.objects.filter(community=home.slug, action="DissolveGroup", state=State.SENT)
    return {(carrier, target.removeprefix("group/")) for carrier, target in done.values_list("carrier", "target")}


def _messages(broadcast: Broadcast, chosen: QuerySet[Group], posts: Mapping[int, Target]) -> list[Target]:
    """Each person once, through the best of the groups they are in: one that takes part, then one with a live account."""
    there = _places(broadcast, chosen)
    if there.values("identity__person").distinct().order_by()[: MOST + 1].count() > MOST:
        raise TooMany
    erased = community.erased_keys(broadcast.community.slug)
    found: dict[int, Target] = {}
    for place in there.select_related("identity__person").order_by("identity__person__name", "identity_id", "pk"):
        person, post = place.identity.person, posts[place.group_id]
        target = replace(
            post,
            kind=Recipient.Kind.PERSON,
            key=place.identity.key,
            name=place.nickname or place.identity.name or person.name or place.identity.native_id,
            identity=place.identity,
            left_out=post.left_out or why_without_person(house=person.house, erased=place.identity.key in erased),
        )
        if person.pk not in found or _is_better(target, found[person.pk]):
            found[person.pk] = target
    return list(found.values())


def _places(broadcast: Broadcast, chosen: QuerySet[Group]) -> QuerySet[Membership]:
    asked = _questions(broadcast)[1]
    there = Membership.objects.filter(group__in=chosen.order_by().values("pk"), left_at__isnull=True)
    if not any(any(values) for question in asked for values in question.values()):
        return there
    people = questions.people(Person.objects.filter(community=broadcast.community), asked)
    return there.filter(identity__person__in=people.values("pk"))


def _is_better(one: Target, other: Target) -> bool:
    return (one.left_out is None, not one.by_hand) > (other.left_out is None, not other.by_hand)


def _without_capped(broadcast: Broadcast, targets: Sequence[Target], at: datetime) -> list[Target]:
    asked = [place for place, target in enumerate(targets) if target.left_out is None]
    actions = [targets[place].action(broadcast, ()) for place in asked]
    over = {asked[place] for place in capped(actions, community=broadcast.community.slug, at=at)}
    return [replace(target, left_out=LeftOut.CAP) if place in over else target for place, target in enumerate(targets)]


def _filled(broadcast: Broadcast, targets: Iterable[Target], at: datetime) -> Iterable[Target]:
    days = day_values(at.astimezone(ZoneInfo(broadcast.community.zone)).date())
    for target in targets:
        yield target if target.left_out else with_text(broadcast, target, days)


def with_text(broadcast: Broadcast, target: Target, days: dict[str, str]) -> Target:
    try:
        return replace(target, text=filled(broadcast.text, _values(broadcast, target) | days), missing=())
    except Unfilled as unfilled:
        return replace(target, text="", missing=unfilled.names)


def _values(broadcast: Broadcast, target: Target) -> dict[str, str]:
    return {
        "group": target.group.name if target.group else "",
        "operator": str(target.group.operator) if target.group and target.group.operator else "",
        "community": broadcast.community.name,
        "member": target.name if target.kind == Recipient.Kind.PERSON else "",
    }
