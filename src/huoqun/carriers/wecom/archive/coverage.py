"""Which groups the archive hears at all: where a colleague with a licence is a member, and what the customers there answered.

One step of the worker, some groups at a time, so that 9,000 groups are spread over the day and a crash costs one step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.client.calls import archive as calls
from huoqun.carriers.wecom.client.calls import groups
from huoqun.carriers.wecom.client.client import Client, client_for
from huoqun.carriers.wecom.errors import NOT_A_CUSTOMER_GROUP, WeComError
from huoqun.carriers.wecom.models import Archive, ArchiveConsent, ArchiveCoverage, Corp
from huoqun.vocabulary.heard import Deaf
from huoqun.vocabulary.ids import person_key

from . import operations, queries, rules

AT_ONCE = 50
TURN = timedelta(minutes=3)
_GONE = frozenset({NOT_A_CUSTOMER_GROUP, 40050})
Trouble = WeComError | Unreachable | CutOff


class Surveyor:
    """Any number of workers may take its step at once, each looking after another company."""

    def __init__(self, *, clients: Callable[[Corp], Client] = client_for, clock: Callable[[], datetime]) -> None:
        self._clients = clients
        self._clock = clock

    def round(self) -> bool:
        """Look after the company whose turn it is. True if there was one with something to do."""
        now = self._clock()
        for archive in queries.due_archives(now):
            if operations.take_chores(archive, until=now + TURN):
                return self._look_after(archive)
        return False

    def _look_after(self, archive: Archive) -> bool:
        """Whether more is to be done at once."""
        try:
            client = self._clients(archive.corp)
            if self._is_list_old(archive):
                self._list(archive, client)
            more = self._check(archive, client)
        except WeComError as error:
            self._put_off(archive, error.sentence)
        except (Unreachable, CutOff):
            self._put_off(archive, "")
        else:
            wait = timedelta(0) if more else rules.CHORES_EVERY
            operations.chores_done(archive, next_at=self._clock() + wait)
            return more
        return False

    def _put_off(self, archive: Archive, trouble: str) -> None:
        operations.chores_done(archive, next_at=self._clock() + rules.CHORES_AGAIN, trouble=trouble)

    def _is_list_old(self, archive: Archive) -> bool:
        listed = archive.groups_listed_at
        return listed is None or self._clock() - listed >= rules.CHECK_EVERY

    def _list(self, archive: Archive, client: Client) -> None:
        """Who is licensed, and which groups there are. Broken off it begins anew: nine pages are 9,000 groups."""
        began = self._clock()
        operations.keep_licensed(archive, calls.licensed(client))
        cursor = ""
        while True:
            page = groups.page(client, cursor)
            operations.list_groups(archive.corp, [each.chat_id for each in page.group_chat_list], now=self._clock())
            cursor = page.next_cursor
            if not cursor:
                break
        operations.groups_listed(archive, began=began, now=self._clock())

    def _check(self, archive: Archive, client: Client) -> bool:
        due = queries.due_groups(archive.corp, self._clock(), most=AT_ONCE)
        if not due:
            return False
        ids = [row.group_id for row in due]
        members, answers = groups.get_many(client, ids), calls.agreements(client, ids)
        hidden = queries.forgotten(archive.corp)
        checked, gone, consents = [], [], []
        for row, told, agreed in zip(due, members, answers, strict=True):
            if isinstance(told, WeComError) and told.code in _GONE:
                gone.append(row)
                continue
            checked.append(row)
            consents += self._checked(archive, row, told, agreed, hidden)
        account = archive.corp.account
        operations.keep_consents([each for each in consents if person_key(account, each.person_id) not in hidden])
        operations.keep_coverage(checked)
        operations.drop_coverage(gone)
        _raise_if_all_failed(checked, members)
        return len(due) == AT_ONCE

    def _checked(
        self,
        archive: Archive,
        row: ArchiveCoverage,
        told: groups.GroupAnswer | Trouble,
        agreed: calls.AgreeAnswer | Trouble,
        hidden: frozenset[int],
    ) -> list[ArchiveConsent]:
        """Writes on the row what was found out; gives the answers of its customers."""
        now = self._clock()
        failed = next((each for each in (told, agreed) if isinstance(each, Exception)), None)
        row.code = failed.code if isinstance(failed, WeComError) else None
        row.check_at = now + (rules.CHECK_AGAIN if failed is not None else rules.CHECK_EVERY)
        before, known = _deaf(row), row.checked_at is not None
        if not isinstance(agreed, Exception):
            _count_answers(row, agreed.agreeinfo)
        if not isinstance(told, Exception):
            _count_members(row, told.group_chat, _holders(archive, told.group_chat, hidden))
            row.checked_at = now
            row.turned_at = rules.turned_at(before, _deaf(row), known=known, since=row.turned_at, last_at=row.last_at, now=now)
        if isinstance(agreed, Exception):
            return []
        return [_consent(archive, row, each) for each in agreed.agreeinfo if each.agree_status in ArchiveConsent.Answer.values]


def _holders(archive: Archive, group: groups.Group, hidden: frozenset[int]) -> int:
    """How many colleagues in the group hold a licence; who was erased is among `hidden` by key."""
    colleagues = {member.userid for member in group.member_list if member.type == groups.STAFF}
    account = archive.corp.account
    return len({operations.holder_of(each, account, hidden) for each in colleagues} & set(archive.licensed))


def _count_members(row: ArchiveCoverage, group: groups.Group, holders: int) -> None:
    colleagues = {member.userid for member in group.member_list if member.type == groups.STAFF}
    row.name, row.members = group.name[:200], len(group.member_list)
    row.colleagues, row.customers = len(colleagues), len(group.member_list) - len(colleagues)
    row.licensed = holders


def _count_answers(row: ArchiveCoverage, told: Sequence[calls.Agreement]) -> None:
    counts = Counter(each.agree_status for each in told)
    row.agreed, row.refused, row.by_default = counts[calls.AGREED], counts[calls.REFUSED], counts[calls.BY_DEFAULT]


def _deaf(row: ArchiveCoverage) -> Deaf | None:
    return rules.deaf_to(licensed=row.licensed, customers=row.customers, refused=row.refused)


def _consent(archive: Archive, row: ArchiveCoverage, told: calls.Agreement) -> ArchiveConsent:
    at = datetime.fromtimestamp(told.status_change_time, tz=UTC) if told.status_change_time > 0 else None
    return ArchiveConsent(
        corp_id=archive.corp_id, group_id=row.group_id, person_id=told.person, answer=told.agree_status, at=at
    )


def _raise_if_all_failed(checked: Sequence[ArchiveCoverage], members: Sequence[groups.GroupAnswer | Trouble]) -> None:
    """Where not one group could be looked at, the reason is not the groups'."""
    failed = [each for each in members if isinstance(each, Exception)]
    if checked and len(failed) == len(members):
        raise failed[0]
