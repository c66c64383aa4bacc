"""What happened begins runs, or ends them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from huoqun.community.models import Community, Group, Identity
from huoqun.community.operations import intake
from huoqun.community.parts import parts
from huoqun.ownership.operations import give_many
from huoqun.ownership.types import Give
from huoqun.sop import queries
from huoqun.sop.gate import may_begin
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.changing import stop_runs
from huoqun.sop.operations.hearing import came
from huoqun.sop.operations.scenes import gone as no_more
from huoqun.sop.operations.waiting import WAITED_FOR, came_at
from huoqun.sop.rules.states import OPEN, LineState, RunState, Why
from huoqun.sop.starts import Born, Joined, OnFact, Turned
from huoqun.vocabulary.events import (
    GroupCreated,
    GroupDissolved,
    GroupEvent,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    OrderPaid,
)
from huoqun.vocabulary.facts import GroupTurned
from huoqun.vocabulary.ids import group_key, person_key

DECIDES_WITHIN = timedelta(days=3)


EventStart = Joined | Born | OnFact
ENDING = MemberLeft | GroupDissolved


def hear(events: Sequence[GroupEvent], *, now: datetime) -> None:
    """Of any communities."""
    by_home: dict[str, list[GroupEvent]] = defaultdict(list)
    for event in events:
        by_home[event.account.community].append(event)
    for slug, happened in by_home.items():
        launches = list(_at_work(slug))
        if launches:
            _hear(launches[0].community, launches, happened, now)


def _at_work(slug: str) -> QuerySet[Launch]:
    """Those which are paused hear too: what begins goes on when they do, what is waited for comes, who leaves has left."""
    there = Launch.objects.filter(community__slug=slug).exclude(state=Launch.State.ENDED)
    return there.select_related("community", "version").defer("version__plain").order_by("pk")


def _hear(home: Community, launches: Sequence[Launch], happened: Sequence[GroupEvent], now: datetime) -> None:
    wanted = {launch: _beginning(launch, happened) for launch in launches if _takes(launch)}
    ending = [event for event in happened if isinstance(event, ENDING)]
    known = list({id(event): event for each in wanted.values() for event, _start in each}.values())
    if known or ending:
        # Whoever it is about may not have been taken in yet: their own room goes through the log at its own pace.
        intake.take_in(home, [*known, *ending], now=now)
    for launch, begins in wanted.items():
        if begins:
            begin(launch, list(_begins(launch, begins)), now=now)
    _go(home, happened, now)
    if ending:
        _leave(ending, now)


def _takes(launch: Launch) -> bool:
    """Also while it rests: the newcomers of those days have come, and what of their run is not too late is done afterwards."""
    return launch.state == Launch.State.GOING or launch.paused_at is not None


def _beginning(launch: Launch, happened: Iterable[GroupEvent]) -> list[tuple[GroupEvent, EventStart]]:
    starts = [start for start in launch.version.book.starts if isinstance(start, EventStart)]
    return [(event, start) for event in happened for start in starts if _fits(event, start)] if starts else []


def _begins(launch: Launch, wanted: Sequence[tuple[GroupEvent, EventStart]]) -> Iterator[Begin]:
    """What happened is known to community already."""
    groups = _groups(launch, [event for event, _start in wanted])
    people = _people(launch, [event for event, _start in wanted])
    for event, start in wanted:
        group = groups.get(group_key(event.account, event.group_id))
        if group is None:
            continue
        if isinstance(event, GroupCreated):
            yield Begin(group, event.at, f"born/{group}")
        elif who := people.get(_doer(event)):
            yield Begin(group, event.at, f"{_named(start)}/{group}/{who}{_once_more(event, start)}", who)


def _named(start: EventStart) -> str:
    return start.fact if isinstance(start, OnFact) else str(start.__struct_config__.tag)


def _once_more(event: GroupEvent, start: EventStart) -> str:
    return f"/{event.at.isoformat()}" if isinstance(start, Joined) and start.again else ""


def _doer(event: GroupEvent) -> int:
    match event:
        case MemberJoined() | OrderPaid():
            return person_key(event.account, event.member.id)
        case MessagePosted():
            return person_key(event.account, event.author.id)
    return 0


def _fits(event: GroupEvent, start: EventStart) -> bool:
    match event, start:
        case MemberJoined(), Joined():
            return not start.source or event.source == start.source
        case GroupCreated(), Born():
            return True
        case OrderPaid(), OnFact():
            return start.fact == "first_purchase"
        case MessagePosted(), OnFact():
            return start.fact == "first_words" and not event.house
    return False


def _groups(launch: Launch, happened: Iterable[GroupEvent]) -> dict[int, int]:
    keys = {group_key(event.account, event.group_id) for event in happened}
    return dict(queries.groups_of(launch).filter(key__in=keys).values_list("key", "pk"))


def _people(launch: Launch, happened: Iterable[GroupEvent]) -> dict[int, int]:
    """Of those it is for; of the house nobody; of those who said something only who had said nothing by the latest audit."""
    happened, people = list(happened), queries.people_of(launch)
    meant = Identity.objects.filter(person__house="")
    meant = meant if people is None else meant.filter(person__in=people.order_by().values("pk"))
    found = dict[int, int]()
    for some in parts({_doer(event) for event in happened if not isinstance(event, MessagePosted)} - {0}):
        found.update(meant.filter(key__in=some).values_list("key", "pk"))
    for some in parts({_doer(event) for event in happened if isinstance(event, MessagePosted)} - set(found)):
        rows = meant.filter(key__in=some, person__messages=0)
        found.update(rows.values_list("key", "pk"))
    return found


def _go(home: Community, happened: Sequence[GroupEvent], now: datetime) -> None:
    """Runs that waited for words, an answer, an order or somebody's leaving."""
    telling = [event for event in happened if isinstance(event, WAITED_FOR)]
    groups = {group_key(*place) for place in {(event.account, event.group_id) for event in telling}}
    if not groups:
        return
    waiting = Line.objects.filter(
        group__key__in=groups,
        launch__community=home,
        kind="wait",
        state=LineState.WAITING,
        run__state__in=(RunState.GOING, RunState.PAUSED),
    )
    rows = waiting.select_related("run__version", "run__group", "run__member").defer("run__version__plain")
    for line, at in came_at(rows, telling).items():
        came([line], at=at, now=now)


def _leave(gone: Sequence[MemberLeft | GroupDissolved], now: datetime) -> None:
    """Who has left, and not come back since, has nothing more coming."""
    pairs = {
        (group_key(event.account, event.group_id), person_key(event.account, event.member.id))
        for event in gone
        if isinstance(event, MemberLeft)
    }
    lost = list[int]()
    for some in parts(pairs):
        there = Run.objects.filter(
            group__key__in={group for group, _who in some}, member__key__in={who for _group, who in some}, state__in=OPEN
        )
        runs = [
            run
            for run in there.select_related("group", "member")
            if (run.group.key, run.member.key if run.member else 0) in pairs
        ]
        lost += no_more(runs)
    stop_runs(Run.objects.filter(pk__in=lost), by=None, now=now, why=Why.GONE)
    closed = {group_key(event.account, event.group_id) for event in gone if isinstance(event, GroupDissolved)}
    if closed:
        ended = Run.objects.filter(group__key__in=closed, group__dissolved_at__isnull=False, state__in=OPEN)
        stop_runs(ended, by=None, now=now, why=Why.GONE, sparing=("end",))


def turned(facts: Iterable[GroupTurned], *, now: datetime) -> None:
    """Groups in another state than before begin the playbooks that are for it; where it says so, when somebody has said yes."""
    for fact in facts:
        for launch in _at_work(fact.community):
            for start in launch.version.book.starts if launch.state == Launch.State.GOING else ():
                if isinstance(start, Turned) and fact.state in start.to:
                    _turn(launch, start, fact, now)


def _turn(launch: Launch, start: Turned, fact: GroupTurned, now: datetime) -> None:
    group = queries.groups_of(launch).filter(key=fact.group).first()
    if group is not None:
        _begin_turned(launch, start, group, fact.as_of, now)


def _begin_turned(launch: Launch, start: Turned, group: Group, as_of: date, now: datetime) -> None:
    if not may_begin(launch, group, now):
        return
    key = f"turned/{group.key}/{as_of}"
    lately = Run.objects.filter(launch=launch, group=group, made_at__gt=now - start.not_again_within.delta)
    if lately.exclude(key=key).exists():
        return
    begin(launch, [Begin(group, now, key, asks=start.approval)], now=now)
    if start.approval:
        _ask_for_yes(launch, group, key, now)


def catch_up(launch: Launch, *, since: datetime, now: datetime) -> None:
    """Groups that turned since then and still are what they turned to."""
    starts = [start for start in launch.version.book.starts if isinstance(start, Turned)]
    if not starts:
        return
    zone = ZoneInfo(launch.community.zone)
    turned_meanwhile = queries.groups_of(launch).filter(state_since__gte=since.astimezone(zone).date())
    for group in turned_meanwhile.order_by("pk"):
        for start in starts:
            if group.state in start.to:
                _begin_turned(launch, start, group, now.astimezone(zone).date(), now)


def _ask_for_yes(launch: Launch, group: Group, key: str, now: datetime) -> None:
    run = Run.objects.get(launch=launch, key=key)
    book = launch.version.book
    give = Give(
        community=launch.community,
        key=f"sop/yes/{run.pk}",
        room="sop",
        about=f"run/{run.pk}",
        due_at=now + DECIDES_WITHIN,
        title=book.title[:200],
        why=book.summary,
        group=group,
    )
    give_many([give], now=now)
