"""Lists that staff bring along: facts about groups, known house accounts. CSV, every line checked before any is applied."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from huoqun.community.errors import BadList
from huoqun.community.models import Connects, House, Lifecycle, Matter, Stage, Strategy

CHOICES = {
    "connects": Connects.values,
    "matter": Matter.values,
    "lifecycle": Lifecycle.values,
    "strategy": Strategy.values,
    "stage": Stage.values,
}


class GroupLine(NamedTuple):
    line: int
    group_id: str
    carrier: str
    fields: dict[str, object]
    operator: str
    tags: list[str]


def house_lines(lines: Iterable[str]) -> dict[str, str]:
    """{author_id: staff | helper | bot} from a CSV with author_id and, if it has one, kind (or house).

    A list without kinds, or with kinds of bots ("commit_feed"), is a list of bots. Raises BadList.
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    for number, row in _rows(lines, "author_id", problems):
        if not (author := (row["author_id"] or "").strip()):
            problems.append(_("line {line}: author_id is empty").format(line=number))
            continue
        kind = (row.get("house") or row.get("kind") or "").strip()
        found[author] = kind if kind in House.values else House.BOT.value
    if problems:
        raise BadList(problems)
    return found


def group_lines(lines: Iterable[str]) -> list[GroupLine]:
    """Facts about groups from a CSV with group_id and any of carrier, connects, matter, lifecycle, planned_end, strategy,
    stage, purpose, capacity, operator, tags (separated by ;). Empty cells leave things as they are. Raises BadList.
    """
    problems: list[str] = []
    found = [_group_line(number, row, problems) for number, row in _rows(lines, "group_id", problems)]
    if problems:
        raise BadList(problems)
    return found


def _group_line(number: int, row: dict[str, str], problems: list[str]) -> GroupLine:
    if not (group_id := (row["group_id"] or "").strip()):
        problems.append(_("line {line}: group_id is empty").format(line=number))
    tags = [tag.strip() for tag in (row.get("tags") or "").split(";") if tag.strip()]
    carrier, operator = (row.get("carrier") or "").strip(), (row.get("operator") or "").strip()
    return GroupLine(number, group_id, carrier, _facts(number, row, problems), operator, tags)


def _facts(number: int, row: dict[str, str], problems: list[str]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, allowed in CHOICES.items():
        if not (value := (row.get(name) or "").strip()):
            continue
        if value in allowed:
            fields[name] = value
        else:
            problems.append(wrong(number, name, value, " / ".join(filter(None, allowed))))
    if value := (row.get("planned_end") or "").strip():
        try:
            fields["planned_end"] = date.fromisoformat(value)
        except ValueError:
            problems.append(wrong(number, "planned_end", value, "2026-03-31"))
    if value := (row.get("capacity") or "").strip():
        if value.isdecimal():
            fields["capacity"] = int(value)
        else:
            problems.append(wrong(number, "capacity", value, "500"))
    if value := (row.get("purpose") or "").strip():
        fields["purpose"] = value
    return fields


def wrong(number: int, field: str, value: str, expected: str) -> str:
    """What a line has wrong, and what to write instead."""
    text = _("line {line}: {field} is “{value}”; write {expected}")
    return text.format(line=number, field=field, value=value[:40], expected=expected)


def _rows(lines: Iterable[str], needed: str, problems: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(line.replace("\0", "") for line in lines)
    reader.fieldnames = [name.strip().removeprefix("\ufeff") for name in reader.fieldnames or []]
    if needed not in reader.fieldnames:
        problems.append(_("line 1: there is no column “{column}”; the first line must name the columns").format(column=needed))
        return
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        problems.append(_("line {line}: this is not CSV any more; save the list as CSV again").format(line=reader.line_num))
