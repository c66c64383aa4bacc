"""IRC, oddity by oddity."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from huoqun.carriers.exports import problems
from huoqun.carriers.exports.formats import irc
from huoqun.vocabulary.events import MemberJoined, MemberLeft, MemberRenamed, MessageKind, NoticePosted, Person

from .memory import SETTING, entry, events, unreadables


def read(*lines: str, name: str = "garden/2024/2024-05-06", encoding: str = "utf-8", breaks: str = "\n") -> list[Any]:
    log = entry((breaks.join(lines) + breaks).encode(encoding), name)
    assert irc.recognise([log])
    return list(irc.read([log], SETTING))


def test_somebody_says_and_does_something() -> None:
    said, done = read("[09:01] <Lin> 早", "", "[09:02:03] * Lin waters the tomatoes")
    assert (said.group_id, said.group_name, said.author) == ("garden", "#garden", Person(id="lin", name="Lin"))
    assert said.at == datetime(2024, 5, 6, 1, 1, tzinfo=UTC)
    assert (said.source_id, said.message_id, done.message_id) == ("m:20240506-0", "20240506-0", "20240506-2")
    assert (done.kind, done.text, done.at.second) == (MessageKind.ACTION, "waters the tomatoes", 3)


@pytest.mark.parametrize(
    ("line", "kind", "who", "more"),
    [
        ("*** tao joined", MemberJoined, "tao", None),
        ("*** Joins: tao (~t@host)", MemberJoined, "tao", None),
        ("-!- tao [~t@host] has joined #garden", MemberJoined, "tao", None),
        ("--> tao (~t@host) has joined #garden", MemberJoined, "tao", None),
        ("*** tao left", MemberLeft, "tao", None),
        ("*** Quits: tao (~t@host) (Ping timeout)", MemberLeft, "tao", None),
        ("-!- tao [~t@host] has quit [Bye]", MemberLeft, "tao", None),
        ("<-- tao (~t@host) has left #garden", MemberLeft, "tao", None),
        ("*** ren was kicked by Lin (spam)", MemberLeft, "ren", "lin"),
        ("-- Lin has kicked ren (spam)", MemberLeft, "ren", "lin"),
        ("*** tao is now known as tao_away", MemberRenamed, "tao_away", "tao"),
    ],
)
def test_what_the_server_tells(line: str, kind: type, who: str, more: str | None) -> None:
    (told,) = read(f"[09:00] {line}")
    assert type(told) is kind
    assert told.member.id == who
    by = getattr(told, "removed_by", None)
    assert (getattr(told, "before", None) or (by.id if by else None)) == more


@pytest.mark.parametrize(
    ("line", "by"), [("Lin sets mode: +o tao", "lin"), ("Lin changed the topic to: x", "lin"), ("Netsplit over", None)]
)
def test_everything_else_the_server_tells_is_a_notice(line: str, by: str | None) -> None:
    (told,) = read(f"[09:00] *** {line}")
    assert isinstance(told, NoticePosted)
    assert told.text == line
    assert (told.by.id if told.by else None) == by


def test_who_is_spoken_to() -> None:
    *_, first, second, third, fourth = read(
        "[09:00] *** Tao joined",
        "[09:00] <mo> hi",
        "[09:01] <lin> tao: look",
        "[09:01] <lin> look @mo, @tao",
        "[09:01] <lin> nobody: http://x",
        "[09:01] <lin> the tao: no address",
    )
    assert [one.mentions for one in (first, second, third, fourth)] == [("tao",), ("mo", "tao"), (), ()]


@pytest.mark.parametrize(
    ("name", "channel", "day"),
    [
        ("garden/2024/2024-05-06", "garden", "2024-05-06"),
        ("logs/#garden/2024-05-06.log", "#garden", "2024-05-06"),
        ("#garden.2024-05-06.txt", "#garden", "2024-05-06"),
        ("garden_20240506.log", "garden", "2024-05-06"),
        ("irc/garden/2024/05/20240506.txt", "garden", "2024-05-06"),
        ("2024-05-06-garden.log", "garden", "2024-05-06"),
    ],
)
def test_channel_and_day_are_in_the_name(name: str, channel: str, day: str) -> None:
    assert irc.page_of(entry("", name)) == (channel, date.fromisoformat(day))


@pytest.mark.parametrize("name", ["notes.txt", "garden/2024-13-40", "users.json"])
def test_other_names_are_no_days(name: str) -> None:
    assert irc.page_of(entry("", name)) is None


def test_a_log_of_no_channel_says_what_to_do() -> None:
    (bad,) = read("[09:00] <lin> hi", name="2024-05-06.log")
    assert (bad.field, bad.problem) == ("channel", irc.NO_CHANNEL)


def test_bad_lines_are_kept() -> None:
    records = read("[09:00] <lin> a", "what is this", "[29:00] <lin> b", "[09:01] <lin> c")
    assert [one.text for one in events(records)] == ["a", "c"]
    assert [(bad.line, bad.problem) for bad in unreadables(records)] == [(2, problems.NOT_UNDERSTOOD), (3, problems.NO_TIME)]


@pytest.mark.parametrize(("encoding", "breaks"), [("utf-8-sig", "\r\n"), ("gb18030", "\n")])
def test_any_encoding_and_line_break(encoding: str, breaks: str) -> None:
    first, second = read("[09:00] <lin> 早上好", "[09:01] <mo> 浇水", encoding=encoding, breaks=breaks)
    assert (first.text, second.text) == ("早上好", "浇水")


def test_nicks_carry_over_from_day_to_day() -> None:
    days = [entry("[09:00] <tao> hi\n", "garden/2024-05-06"), entry("[09:00] <lin> tao: hi\n", "garden/2024-05-07")]
    assert list(irc.read(days, SETTING))[1].mentions == ("tao",)
