"""Groups: their list, then each with everybody in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from huoqun.carriers.wecom.client.calls import groups as calls
from huoqun.carriers.wecom.client.calls.groups import STAFF, Group, Member
from huoqun.carriers.wecom.client.client import Client
from huoqun.vocabulary.roster import GroupSeen, MemberSeen

from .page import ChatNote
from .refusals import told_of_one
from .words import moment, way_of

AT_ONCE = 40
"""Groups on a page. On the embedded database everybody else waits while a page is written: with 200 members each some tenths of
a second. WeCom gives callbacks five.
"""

LINES = 16
"""Calls under way at the same time."""


def read(client: Client, chats: Sequence[tuple[int, str]]) -> tuple[list[GroupSeen], list[ChatNote]]:
    """These groups, given as (row, id)."""
    answers = calls.get_many(client, [chat_id for _, chat_id in chats], at_once=LINES)
    seen: list[GroupSeen] = []
    notes: list[ChatNote] = []
    for (row, chat_id), ended in zip(chats, answers, strict=True):
        answer = told_of_one(ended)
        if isinstance(answer, str):
            notes.append(ChatNote(row=row, trouble=answer))
            continue
        seen.append(group(answer.group_chat, chat_id))
        notes.append(_note(row, answer.group_chat))
    return seen, notes


def read_one(client: Client, chat_id: str) -> GroupSeen:
    """One group as it is now. Raises WeComError, Unreachable, CutOff."""
    return group(calls.get(client, chat_id), chat_id)


def _note(row: int, chat: Group) -> ChatNote:
    nameless = sum(not each.name for each in chat.member_list)
    return ChatNote(row=row, name=chat.name, version=chat.member_version, members=len(chat.member_list), nameless=nameless)


def group(chat: Group, chat_id: str) -> GroupSeen:
    return GroupSeen(
        id=chat_id,
        name=chat.name or _called_after_members(chat.member_list),
        owner=chat.owner,
        created_at=moment(chat.create_time),
        members=tuple(_members(chat)),
        version=chat.member_version,
        notice=chat.notice,
        admins=tuple(each.userid for each in chat.admin_list),
    )


def _called_after_members(members: Sequence[Member]) -> str:
    """What the app itself shows for a group without a name."""
    return "、".join([each.name for each in members if each.name][:3])


def _members(chat: Group) -> Iterator[MemberSeen]:
    for each in chat.member_list:
        yield MemberSeen(
            id=each.userid,
            name=each.name,
            nickname=each.group_nickname,
            joined_at=moment(each.join_time),
            way=way_of(each.join_scene),
            inviter=each.invitor.userid if each.invitor else "",
            source=each.state,
            house=each.type == STAFF,
        )
