"""The walk: colleagues, their customers, the list of groups, each group with its members. Every page can be the last before a
crash: what was kept is known by the rows it left, and the cursor says with what to go on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from huoqun.carriers.base import RosterPage
from huoqun.carriers.wecom.client.calls import groups as calls
from huoqun.carriers.wecom.client.calls.groups import OWNERS_AT_ONCE, ListPage
from huoqun.carriers.wecom.client.client import Client, client_for
from huoqun.carriers.wecom.errors import CURSOR_OVER, WeComError
from huoqun.carriers.wecom.models import Chat, Colleague, Corp, Sync
from huoqun.carriers.wecom.queries import company_of
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.roster import Brought

from . import colleagues, customers, groups, operations
from .page import Lane, Position, WeComPage, heard, told
from .refusals import of_all

TOO_MUCH = 81017
"""The list of groups is too long to be told without naming owners."""


def roster_of(account: Account, *, now: Callable[[], datetime]) -> WeComRoster | None:
    """None where this is not a company's own account."""
    corp = company_of(account)
    if corp is None or account != corp.account:
        return None
    return WeComRoster(corp, client_for(corp, now=now), now=now)


class WeComRoster:
    """`base.Roster` of one company."""

    def __init__(self, corp: Corp, client: Client, *, now: Callable[[], datetime]) -> None:
        self.corp, self.client, self.now = corp, client, now
        self._walk: Sync | None = None
        self._tags: dict[str, str] | None = None

    @property
    def walk(self) -> Sync:
        if self._walk is None:
            raise RuntimeError("open the roster first")
        return self._walk

    def open(self, *, now: datetime) -> str:
        self._walk = operations.take_up(self.corp, told(Position(Sync.Step.COLLEAGUES)), now=now)
        return self.walk.cursor

    def page(self, cursor: str) -> WeComPage | None:
        position = heard(cursor)
        steps = {
            Sync.Step.COLLEAGUES: self._colleagues,
            Sync.Step.CONTACTS: self._customers,
            Sync.Step.LIST: self._list,
            Sync.Step.GROUPS: self._groups,
        }
        step = steps.get(Sync.Step(position.step))
        return step(position, self.now()) if step else None

    def kept(self, page: RosterPage, brought: Brought) -> None:
        operations.keep(self.walk, cast("WeComPage", page), brought, now=self.now())

    def put_down(self, trouble: str, *, now: datetime) -> None:
        operations.put_down(self.walk, trouble, now=now)

    def finish(self, *, now: datetime) -> None:
        operations.finish(self.walk, now=now)

    def _colleagues(self, position: Position, at: datetime) -> WeComPage:
        notes, trouble = colleagues.read(self.client)
        return WeComPage(
            step=Sync.Step.COLLEAGUES,
            records=colleagues.records(notes),
            at=at,
            cursor=told(Position(Sync.Step.CONTACTS)),
            done=0,
            total=len(notes),
            settled=False,
            colleagues=tuple(notes),
            trouble=trouble,
        )

    def _customers(self, position: Position, at: datetime) -> WeComPage:
        fresh = self._next_lanes(position.after, customers.LANES - len(position.lanes))
        lanes = [*position.lanes, *fresh]
        if not lanes:
            return self._list(Position(Sync.Step.LIST), at)
        known, begun = customers.begin(self.client, [lane for lane in lanes if not lane.begun])
        over = {note.row for note in begun if note.done}
        people, notes, going_on = customers.read_on(
            self.client, [lane for lane in lanes if lane.row not in over], self._tag_names()
        )
        after = max([position.after, *(lane.row for lane in fresh)])
        done, total = self._measure()
        return WeComPage(
            step=Sync.Step.CONTACTS,
            records=(*people, *known),
            at=at,
            cursor=told(Position(Sync.Step.CONTACTS, after, going_on)),
            done=done,
            total=total,
            customers=(*begun, *notes),
        )

    def _next_lanes(self, after: int, room: int) -> list[Lane]:
        rows = Colleague.objects.filter(corp=self.corp, listed_by=self.walk.pk, serves=True, pk__gt=after)
        unread = rows.exclude(read_by=self.walk.pk).order_by("pk").values_list("pk", "userid")
        return [Lane(row, userid) for row, userid in unread[:room]]

    def _tag_names(self) -> dict[str, str]:
        if self._tags is None:
            self._tags = customers.tag_names(self.client)
        return self._tags

    def _list(self, position: Position, at: datetime) -> WeComPage:
        owners: list[str] = []
        if position.owners is not None:
            owners = self._next_owners(position.owners)
            if not owners:
                return self._listing(at, told(Position(Sync.Step.GROUPS)))
        try:
            answer = calls.page(self.client, position.cursor, owners=owners)
        except WeComError as refusal:
            return self._listed_otherwise(position, refusal, at)
        return self._listing(at, told(_after_list(position, owners, answer)), answer)

    def _listed_otherwise(self, position: Position, refusal: WeComError, at: datetime) -> WeComPage:
        if refusal.code == TOO_MUCH and position.owners is None:
            return self._list(Position(Sync.Step.LIST, owners=""), at)
        if refusal.code == CURSOR_OVER and position.cursor:
            return self._list(Position(Sync.Step.LIST, owners=position.owners), at)
        raise of_all(refusal) from refusal

    def _next_owners(self, after: str) -> list[str]:
        serving = Colleague.objects.filter(corp=self.corp, listed_by=self.walk.pk, serves=True, userid__gt=after)
        return list(serving.order_by("userid").values_list("userid", flat=True)[:OWNERS_AT_ONCE])

    def _listing(self, at: datetime, cursor: str, answer: ListPage | None = None) -> WeComPage:
        done, total = self._measure()
        return WeComPage(
            step=Sync.Step.LIST,
            records=(),
            at=at,
            cursor=cursor,
            done=done,
            total=total,
            settled=False,
            listed=tuple(each.chat_id for each in answer.group_chat_list) if answer else (),
        )

    def _groups(self, position: Position, at: datetime) -> WeComPage | None:
        rows = Chat.objects.filter(corp=self.corp, listed_by=self.walk.pk, pk__gt=position.after)
        chats = list(rows.exclude(read_by=self.walk.pk).order_by("pk").values_list("pk", "chat_id")[: groups.AT_ONCE])
        if not chats:
            return None
        seen, notes = groups.read(self.client, chats)
        done, total = self._measure()
        return WeComPage(
            step=Sync.Step.GROUPS,
            records=tuple(seen),
            at=at,
            cursor=told(Position(Sync.Step.GROUPS, chats[-1][0])),
            done=done,
            total=total,
            chats=tuple(notes),
        )

    def _measure(self) -> tuple[int, int]:
        """Colleagues whose customers are read, and groups that are; together they are most of the work."""
        staff = Colleague.objects.filter(corp=self.corp, listed_by=self.walk.pk, serves=True)
        chats = Chat.objects.filter(corp=self.corp, listed_by=self.walk.pk)
        done = staff.filter(read_by=self.walk.pk).count() + chats.filter(read_by=self.walk.pk).count()
        return done, max(staff.count() + chats.count(), done + 1)


def _after_list(position: Position, owners: list[str], answer: ListPage) -> Position:
    if answer.next_cursor:
        return Position(Sync.Step.LIST, cursor=answer.next_cursor, owners=position.owners)
    if owners:
        return Position(Sync.Step.LIST, owners=owners[-1])
    return Position(Sync.Step.GROUPS)
