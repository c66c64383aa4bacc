"""The first page: departments, colleagues, and who of them may have customers."""

from __future__ import annotations

from collections.abc import Sequence

from huoqun.carriers.base import Barred, Unreachable
from huoqun.carriers.wecom.client.calls import directory
from huoqun.carriers.wecom.client.calls.directory import Colleague, Department
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.errors import WeComError
from huoqun.vocabulary.roster import ColleagueSeen

from .page import ColleagueNote
from .refusals import OF_ONE, of_all


def read(client: Client) -> tuple[list[ColleagueNote], str]:
    """Everybody the app may see, and what it had to do without: names may be kept from it, customers may not."""
    try:
        serving = directory.following(client)
    except WeComError as refusal:
        raise of_all(refusal) from refusal
    try:
        departments, staff = _directory(client)
    except WeComError as refusal:
        if isinstance(problem := of_all(refusal), Unreachable):
            raise problem from refusal
        if refusal.code not in OF_ONE:
            raise Barred(refusal.sentence) from refusal
        return _notes({}, [], serving), refusal.sentence
    return _notes(_paths(departments), staff, serving), ""


def records(notes: Sequence[ColleagueNote]) -> tuple[ColleagueSeen, ...]:
    return tuple(ColleagueSeen(id=note.userid, name=note.name) for note in notes)


def _directory(client: Client) -> tuple[list[Department], list[Colleague]]:
    departments = directory.departments(client)
    visible = {each.id for each in departments}
    top = [each.id for each in departments if each.parentid not in visible]
    staff: dict[str, Colleague] = {}
    for number in top:
        staff.update({each.userid: each for each in directory.simple_list(client, number)})
    return departments, list(staff.values())


def _paths(departments: Sequence[Department]) -> dict[int, str]:
    """What each department is called with those above it: "总部 / 华东 / 门店"."""
    by_id = {each.id: each for each in departments}
    return {number: " / ".join(reversed(_upwards(number, by_id))) for number in by_id}


def _upwards(number: int, by_id: dict[int, Department]) -> list[str]:
    names: list[str] = []
    seen: set[int] = set()
    while number in by_id and number not in seen:
        seen.add(number)
        names.append(by_id[number].name or str(number))
        number = by_id[number].parentid
    return names


def _notes(paths: dict[int, str], staff: Sequence[Colleague], serving: Sequence[str]) -> list[ColleagueNote]:
    serves = dict.fromkeys(serving, True)
    known = {each.userid: each for each in staff if each.userid}
    for userid in serves:
        known.setdefault(userid, Colleague(userid=userid))
    return [
        ColleagueNote(
            userid=userid,
            name=each.name if each.name != userid else "",
            departments=tuple(paths[number] for number in each.department if number in paths),
            serves=userid in serves,
        )
        for userid, each in known.items()
    ]
