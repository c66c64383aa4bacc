"""Writing down how calls ended: the row, its stages and the fact for the room that asked, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from huoqun.inbox.operations import announce
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.outbox.operations.disk import OnDisk, on_disk
from huoqun.outbox.operations.spending import give_back
from huoqun.outbox.rules.endings import Effect
from huoqun.outbox.rules.paces import Limit
from huoqun.outbox.rules.states import SETTLED, State, Why
from huoqun.vocabulary.facts import RequestSettled

_LONGEST_REASON, _LONGEST_ID, _LONGEST_LINK, _LONGEST_STAFF = 500, 500, 1000, 170


@dataclass(frozen=True, slots=True)
class Until:
    confirm_by: datetime
    withdrawable: bool
    remind_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ended:
    """One request a worker has had in hand. `effect` None: it was not called and goes back as it was."""

    row: Request
    effect: Effect | None
    called_at: datetime | None = None
    until: datetime | None = None
    """For what goes back: not before."""
    why: Why = Why.NOT
    unused: tuple[tuple[Limit, int], ...] = ()
    waiting: Until | None = None
    """For what waits for a confirmation."""


CALLED = (State.LEASED, State.UNKNOWN)
"""What a worker that called may still end: also what another holds to be unknown, for the one that called knows better."""


def record(ended: Sequence[Ended], *, now: datetime, of: Collection[State] = CALLED) -> int:
    """Returns how many were still this worker's: what another has taken over meanwhile stays as that one left it."""
    if not ended:
        return 0
    with transaction.atomic():
        ours = _ours(ended, of)
        mine = [each for each in ended if ours.get(each.row.pk) == each.row.fence]
        _update(mine, now)
        add_stages([stage for each in mine for stage in _stages(each, now)])
        announce_settled([(each.row, each.effect) for each in mine if each.effect is not None], now=now)
        give_back(place for each in mine for place in each.unused)
    return len(mine)


def _ours(ended: Sequence[Ended], of: Collection[State]) -> dict[int, int]:
    ids = [each.row.pk for each in ended]
    held = Request.objects.filter(pk__in=ids, state__in=of)
    return dict(held.order_by("pk").select_for_update().values_list("pk", "fence"))


_SET = (
    "state", "waits_for", "next_try_at", "reason", "message_id", "reached", "failed", "looks", "attempts", "in_doubt",
    "settled_at", "link", "waits_for_staff", "confirm_by", "withdrawable", "remind_at", "begun_at",
)  # fmt: skip


def _update(ended: Iterable[Ended], now: datetime) -> None:
    written = on_disk()
    rows = [(*_values(each, now, written), each.row.pk) for each in ended]
    if not rows:
        return
    # Plain SQL: each row has values of its own, and the ORM's bulk update takes ten times as long.
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE outbox_request SET {', '.join(f'{name} = %s' for name in _SET)},"  # noqa: S608
            " leased_at = NULL WHERE id = %s",
            rows,
        )


def _values(ended: Ended, now: datetime, written: OnDisk) -> tuple[str | int | None, ...]:
    row, effect = ended.row, ended.effect
    if effect is None:
        back = ended.until or now
        return (
            State.WAITING.value,
            ended.why.value,
            written(back),
            row.reason,
            "",
            None,
            "",
            row.looks,
            row.attempts,
            row.in_doubt,
            None,
            "",
            "",
            None,
            False,
            None,
            None,
        )
    return (
        effect.state.value, effect.waits_for.value, written(effect.next_try_at), cut(effect.reason),
        (effect.message_id or row.message_id).replace("\0", "")[:_LONGEST_ID], effect.reached,
        codec.written(effect.failed) if effect.failed else "",
        effect.looks, row.attempts + (ended.called_at is not None),
        row.in_doubt if effect.in_doubt is None else effect.in_doubt, written(now) if effect.state in SETTLED else None,
        effect.link.replace("\0", "")[:_LONGEST_LINK], *_confirmation(ended, written),
    )  # fmt: skip


def _confirmation(ended: Ended, written: OnDisk) -> tuple[str | int | None, ...]:
    """By whom and until when it is confirmed, and since when it is with the carrier, where that is of use later."""
    row, effect = ended.row, ended.effect
    if effect is None or effect.state not in {State.CONFIRMING, State.UNKNOWN}:
        since = row.begun_at if row.confirm_by else None
        return row.waits_for_staff, written(row.confirm_by), row.withdrawable, None, written(since)
    until = ended.waiting
    begun = written(ended.called_at or row.begun_at)
    if effect.state == State.UNKNOWN or until is None:
        return row.waits_for_staff, written(row.confirm_by), row.withdrawable, None, begun
    return effect.staff_id[:_LONGEST_STAFF], written(until.confirm_by), until.withdrawable, written(until.remind_at), begun


NewStage = tuple[int, datetime, str, str, int | None]
"""Of which request, when, what, details, by whom."""


def add_stages(stages: Sequence[NewStage]) -> None:
    # Plain SQL: three rows a request, and making objects of them took half of the time of sending.
    written = on_disk()
    rows = [(request, written(at), stage, detail, by) for request, at, stage, detail, by in stages]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO outbox_stage (request_id, at, stage, detail, by_id) VALUES (%s, %s, %s, %s, %s)", rows
            )


def _stages(ended: Ended, now: datetime) -> Iterator[NewStage]:
    pk, effect = ended.row.pk, ended.effect
    if ended.called_at is not None:
        yield (pk, ended.called_at, "asked", "", None)
    if effect is None:
        return
    if effect.confirmed:
        yield (pk, now, "confirmed", ended.row.waits_for_staff, None)
    yield (pk, now, stage_of(effect), cut(effect.reason), None)
    if effect.reached is not None:
        yield (pk, now, "delivered", str(effect.reached), None)
    if effect.failed:
        names = ", ".join(f"{each.member_id}: {each.reason}" for each in effect.failed)
        yield (pk, now, "failed", cut(names), None)


def stage_of(effect: Effect) -> str:
    if effect.quietly:
        return "looked"
    return "later" if effect.state == State.WAITING else effect.state.value


def announce_settled(settled: Iterable[tuple[Request, Effect]], *, now: datetime) -> None:
    announce([_fact(row, effect, now) for row, effect in settled if effect.is_news], now=now)


def _fact(row: Request, effect: Effect, now: datetime) -> RequestSettled:
    return RequestSettled(
        community=row.community, at=now, request=row.key, action=row.action, target=row.target, outcome=effect.state.value,
        reason=cut(effect.reason), room=row.room, about=row.about, message_id=effect.message_id or row.message_id,
        link=effect.link,
    )  # fmt: skip


def cut(text: str) -> str:
    return text.replace("\0", "")[:_LONGEST_REASON]
