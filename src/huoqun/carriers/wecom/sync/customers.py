"""Customers: several colleagues at a time, each from the first of their customers to the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.calls import tags as tag_calls
from huoqun.carriers.wecom.client.calls.customers import PAGE, Known, KnownPage
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.errors import CURSOR_OVER, NO_RELATION, WeComError
from huoqun.carriers.wecom.models import Door
from huoqun.vocabulary.roster import AllKnownTo, KnownBy, PersonSeen

from .page import CustomersNote, Lane
from .refusals import told_of_one
from .words import added_by, moment

LANES = 16


class CustomerIds(Answer):
    external_userid: list[str] = []


def tag_names(client: Client) -> dict[str, str]:
    """By id. Customers carry ids only; without permission to read tags they stay without."""
    try:
        groups = tag_calls.every(client)
    except WeComError as refusal:
        told_of_one(refusal)
        return {}
    return {tag.id: tag.name for group in groups for tag in group.tag}


def begin(client: Client, lanes: Sequence[Lane]) -> tuple[list[AllKnownTo], list[CustomersNote]]:
    """Everybody whom these colleagues know. A lane that is at its end already is marked so by its note."""
    answers = client.get_many(
        "externalcontact/list", [{"userid": lane.userid} for lane in lanes], CustomerIds, door=Door.CONTACT
    )
    known, notes = [], []
    for lane, ended in zip(lanes, answers, strict=True):
        nobody = isinstance(ended, WeComError) and ended.code == NO_RELATION
        answer = CustomerIds() if nobody else told_of_one(ended)
        if isinstance(answer, str):
            notes.append(CustomersNote(row=lane.row, expected=0, done=True, trouble=answer))
            continue
        known.append(AllKnownTo(staff_id=lane.userid, people=tuple(answer.external_userid)))
        notes.append(CustomersNote(row=lane.row, expected=len(answer.external_userid), done=not answer.external_userid))
    return known, notes


def read_on(
    client: Client, lanes: Sequence[Lane], tags: Mapping[str, str]
) -> tuple[list[PersonSeen], list[CustomersNote], list[Lane]]:
    """The next customers of each lane: what they are, how far that is, and the lanes which go on."""
    bodies = [{"userid_list": [lane.userid], "cursor": lane.cursor, "limit": PAGE} for lane in lanes]
    answers = client.ask_many("externalcontact/batch/get_by_user", bodies, KnownPage, door=Door.CONTACT)
    people: list[PersonSeen] = []
    notes: list[CustomersNote] = []
    going_on: list[Lane] = []
    for lane, ended in zip(lanes, answers, strict=True):
        if isinstance(ended, WeComError) and ended.code == CURSOR_OVER and lane.cursor:
            going_on.append(Lane(lane.row, lane.userid))  # too old, so from the first customer again
            continue
        answer = told_of_one(ended)
        if isinstance(answer, str):
            notes.append(CustomersNote(row=lane.row, done=True, trouble=answer))
            continue
        people += [person(each, lane.userid, tags) for each in answer.external_contact_list]
        notes.append(_note(lane, answer))
        if answer.next_cursor:
            going_on.append(Lane(lane.row, lane.userid, answer.next_cursor, begun=True))
    return people, notes, going_on


def _note(lane: Lane, answer: KnownPage) -> CustomersNote:
    nameless = sum(not each.external_contact.name for each in answer.external_contact_list)
    fetched = len(answer.external_contact_list)
    return CustomersNote(row=lane.row, fetched=fetched, nameless=nameless, done=not answer.next_cursor)


def person(known: Known, userid: str, tags: Mapping[str, str]) -> PersonSeen:
    follow = known.follow_info
    by = KnownBy(
        staff_id=follow.userid or userid,
        added_at=moment(follow.createtime),
        remark=follow.remark,
        description=follow.description,
        tags=tuple(tags[each] for each in follow.tag_id if each in tags),
        way=added_by(follow.add_way),
        source=follow.state,
    )
    return PersonSeen(id=known.external_contact.external_userid, name=known.external_contact.name, known_by=(by,))
