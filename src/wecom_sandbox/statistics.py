"""Counts by day: of groups and of what colleagues do. Days before the sandbox began have made-up talk, true members."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from .clock import DAY, day_of
from .groups import Group
from .news import Word
from .world.mixing import mixed, salt_of

if TYPE_CHECKING:
    from .company import Company


@dataclass(slots=True)
class GroupCounts:
    new_chat_cnt: int = 0
    chat_total: int = 0
    chat_has_msg: int = 0
    new_member_cnt: int = 0
    member_total: int = 0
    member_has_msg: int = 0
    msg_total: int = 0
    migrate_trainee_chat_cnt: int = 0

    def __iadd__(self, other: GroupCounts) -> GroupCounts:
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self


@dataclass(slots=True)
class Behaviour:
    chat_cnt: int = 0
    message_cnt: int = 0
    replied: int = 0
    reply_minutes: int = 0
    negative_feedback_cnt: int = 0
    new_apply_cnt: int = 0
    new_contact_cnt: int = 0


class Statistics:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._salt = salt_of(company.seed, "statistics")
        self._first_day = day_of(company.born)
        self._messages: Counter[tuple[str, int]] = Counter()
        self._speakers: dict[tuple[str, int], set[str]] = {}
        self._chats: dict[tuple[str, int], set[str]] = {}
        self._sent: Counter[tuple[str, int]] = Counter()
        self._counted: Counter[tuple[str, str, int]] = Counter()
        self._times: dict[str, tuple[int, array[int]]] = {}
        company.news.on_word(self._heard)

    def _heard(self, word: Word) -> None:
        day = day_of(word.at_ms / 1000)
        if word.chat_id:
            self._messages[(word.chat_id, day)] += 1
            self._speakers.setdefault((word.chat_id, day), set()).add(word.speaker)
        elif self._company.directory.find(word.speaker) is not None:
            self._sent[(word.speaker, day)] += 1
            self._chats.setdefault((word.speaker, day), set()).update(word.to)

    def count(self, what: str, userid: str) -> None:
        """`what`: applied, added, lost."""
        self._counted[(what, userid, day_of(self._company.clock.now()))] += 1

    # Groups.

    def of_groups(self, groups: Iterable[Group], begin: int, end: int) -> GroupCounts:
        """Of the days from `begin` until before `end`, both a 00:00 in China."""
        total = GroupCounts()
        for group in groups:
            if group.create_time < end and not (group.dismissed_at and group.dismissed_at < begin):
                total += self._of_group(group, begin, end)
        return total

    def _of_group(self, group: Group, begin: int, end: int) -> GroupCounts:
        times = self._join_times(group)
        left = [entry for entry in group.left if entry[1] < end]
        gone = bool(group.dismissed_at) and group.dismissed_at < end
        messages, speakers = self._talk(group, begin, end)
        return GroupCounts(
            new_chat_cnt=int(begin <= group.create_time < end),
            chat_total=int(not gone),
            chat_has_msg=int(messages > 0),
            new_member_cnt=bisect_left(times, end) - bisect_left(times, begin) + sum(1 for entry in left if entry[1] >= begin),
            member_total=0 if gone else bisect_left(times, end) + sum(1 for entry in left if entry[2] >= end),
            member_has_msg=speakers,
            msg_total=messages,
        )

    def _join_times(self, group: Group) -> Sequence[int]:
        kept = self._times.get(group.chat_id)
        if kept is None or kept[0] != group.changes:
            kept = self._times[group.chat_id] = group.changes, array("q", self._company.groups.join_times(group))
        return kept[1]

    def _talk(self, group: Group, begin: int, end: int) -> tuple[int, int]:
        messages, before, since = 0, set[int](), set[str]()
        for day in range(begin, end, DAY):
            if day < self._first_day and group.number >= 0 and day >= group.create_time:
                said, who = self._made_up(group.number, day)
                messages += said
                before |= who
            messages += self._messages[(group.chat_id, day)]
            since |= self._speakers.get((group.chat_id, day), set())
        return messages, len(before) + len(since)

    def _made_up(self, number: int, day: int) -> tuple[int, set[int]]:
        """Some groups are silent, most talk a little."""
        level = mixed(number, self._salt) % 9
        bits = mixed(number * 100_000 + day // DAY, self._salt)
        speakers = (bits % (level + 1)) if level > 2 else 0
        members = self._company.groups.first_size(number)
        who = {(bits >> shift) % members for shift in range(0, 6 * speakers, 6)}
        return len(who) * (1 + (bits >> 50) % 4), who

    # Colleagues.

    def of_staff(self, userids: Iterable[str], day: int) -> Behaviour:
        total = Behaviour()
        for userid in userids:
            before = self._behaviour_before(userid, day) if day < self._first_day else Behaviour()
            total.chat_cnt += before.chat_cnt + len(self._chats.get((userid, day), ()))
            total.message_cnt += before.message_cnt + self._sent[(userid, day)]
            total.replied += before.replied + len(self._chats.get((userid, day), ()))
            total.reply_minutes += before.reply_minutes
            total.negative_feedback_cnt += before.negative_feedback_cnt + self._counted[("lost", userid, day)]
            total.new_apply_cnt += before.new_apply_cnt + self._counted[("applied", userid, day)]
            total.new_contact_cnt += before.new_contact_cnt + self._counted[("added", userid, day)]
        return total

    def _behaviour_before(self, userid: str, day: int) -> Behaviour:
        bits = mixed(sum(map(ord, userid)) * 100_000 + day // DAY, self._salt)
        chats = bits % 12
        applied = (bits >> 12) % 5
        return Behaviour(
            chats,
            chats * (1 + (bits >> 8) % 6),
            chats - chats // 5,
            chats * ((bits >> 16) % 30),
            int((bits >> 24) % 8 == 0),
            applied,
            max(0, applied - (bits >> 20) % 2),
        )
