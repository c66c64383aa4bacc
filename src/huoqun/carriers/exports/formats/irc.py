"""IRC: plain daily logs, one file a channel and day ("[12:34] <nick> text")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from huoqun.carriers.base import Parsed
from huoqun.carriers.exports import problems
from huoqun.carriers.exports.entry_by_entry import entry_by_entry
from huoqun.carriers.exports.errors import gettext_noop
from huoqun.carriers.exports.format import Entry, Setting
from huoqun.carriers.exports.text import head_text, open_text
from huoqun.vocabulary.ids import Account

from .irc_lines import LINE, Moment, Nicks, event

NAME = "irc-daily"
TITLE = gettext_noop("IRC daily logs")
CARRIER = "irc"
LOOKS_FOR = gettext_noop('files named by day (2023-01-31) with lines like "[12:34] <nick> text"')
NEEDS_ZONE = True

_DAY = re.compile(r"(?P<before>.*?)[-_.]?(?P<year>[0-9]{4})-?(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})(?P<after>.*)")
_NO_CHANNEL = re.compile(r"[0-9]{1,4}([-_][0-9]{1,2})*|logs?|irc|archive|\.|", re.IGNORECASE)
_ENDINGS = re.compile(r"\.(?:log|txt|weechatlog|irc)$", re.IGNORECASE)
_LOOKED_AT = 5

NO_CHANNEL = gettext_noop(
    "The channel of this log is not known. Put it in a folder named like the channel, or name it channel-day."
)


class Page(NamedTuple):
    """Which channel and day a file is about."""

    channel: str
    day: date


def page_of(entry: Entry) -> Page | None:
    """From the file's name, and the folder where the name is only a day."""
    found = _DAY.fullmatch(_ENDINGS.sub("", entry.path.name))
    if not found:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    named = found["before"] or found["after"].strip("-_. ")
    folders = [folder for folder in reversed(entry.path.parts[:-1]) if not _NO_CHANNEL.fullmatch(folder)]
    return Page(named or (folders[0] if folders else ""), day)


def recognise(entries: list[Entry]) -> bool:
    pages = [entry for entry in entries if entry.size and page_of(entry)][:_LOOKED_AT]
    return any(_looks_like_a_log(entry) for entry in pages)


def _looks_like_a_log(entry: Entry) -> bool:
    lines = [line for line in head_text(entry).split("\n")[:50] if line.strip()]
    return bool(lines) and sum(bool(LINE.match(line)) for line in lines) * 2 > len(lines)


def read(entries: list[Entry], setting: Setting) -> Iterator[Parsed]:
    account = Account(setting.community, CARRIER, setting.account)
    nicks: dict[str, Nicks] = {}

    def one(entry: Entry) -> Iterator[Parsed]:
        page = page_of(entry)
        if page is None or not entry.size:
            return
        if not page.channel:
            yield problems.unreadable(entry.path, None, "channel", NO_CHANNEL, entry.path.name)
            return
        yield from _day(entry, page, account, setting.zone, nicks.setdefault(page.channel, Nicks()))

    yield from entry_by_entry(entries, one)


def _day(entry: Entry, page: Page, account: Account, zone: ZoneInfo | None, nicks: Nicks) -> Iterator[Parsed]:
    group = {"account": account, "group_id": page.channel.lstrip("#").lower(), "group_name": f"#{page.channel.lstrip('#')}"}
    for number, line in open_text(entry):
        if not line.strip():
            continue
        found = LINE.fullmatch(line)
        at = _at(found, page.day, zone) if found else None
        if found and at:
            yield event(found, Moment({**group, "at": at}, f"{page.day:%Y%m%d}-{number - 1}"), nicks)
        else:
            problem = problems.NO_TIME if found else problems.NOT_UNDERSTOOD
            yield problems.unreadable(entry.path, number, "", problem, line)


def _at(found: re.Match[str], day: date, zone: ZoneInfo | None) -> datetime | None:
    try:
        local = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        return datetime.combine(day, local, zone or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
