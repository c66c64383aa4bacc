"""Slack, oddity by oddity."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from huoqun.carriers.exports import problems
from huoqun.carriers.exports.formats import slack
from huoqun.vocabulary.events import (
    GroupRenamed,
    MemberJoined,
    MemberLeft,
    MessageKind,
    MessageRecalled,
    NoticePosted,
    Person,
)

from .memory import SETTING, MemoryEntry, entry, events, unreadables

USERS = [
    {"id": "U1", "name": "lin", "profile": {"display_name": "Lin", "real_name": "Lin L."}},
    {"id": "U2", "name": "tao", "real_name": "Tao", "profile": {"display_name": ""}},
    {"id": "UB", "name": "helper", "is_bot": True},
]


def export(*messages: Any, folder: str = "garden", **lists: Any) -> list[MemoryEntry]:
    files = {"users": USERS, "channels": [{"id": "C1", "name": "garden", "members": ["U1"]}], **lists}
    return [
        *(entry(json.dumps(content), f"export/{name}.json") for name, content in files.items()),
        entry(json.dumps(messages, indent=2), f"export/{folder}/2024-05-06.json"),
    ]


def read(*messages: Any, **more: Any) -> list[Any]:
    entries = export(*messages, **more)
    assert slack.recognise(entries)
    return list(slack.read(entries, SETTING))


def said(**more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "ts": "1714957200.000100", "text": "早", **more}


def test_a_message() -> None:
    (posted,) = read(said())
    assert (posted.group_id, posted.group_name, posted.source_id) == ("C1", "garden", "m:1714957200.000100")
    assert posted.at == datetime(2024, 5, 6, 1, 0, 0, 100, tzinfo=UTC)
    assert (posted.author, posted.text, posted.house) == (Person(id="U1", name="Lin"), "早", False)


@pytest.mark.parametrize(
    ("written", "shown", "mentions"),
    [
        ("<@U2> look", "@Tao look", ("U2",)),
        ("<@U9|guest> <@U2>", "@guest @Tao", ("U9", "U2")),
        ("see <#C1|garden> or <#C2>", "see #garden or #C2", ()),
        ("<!here> <!channel> <!subteam^S1|@team>", "@here @channel @team", ()),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2", ()),
        ("<https://example.org|here>", "here (https://example.org)", ()),
        ("<https://example.org|example.org>", "https://example.org", ()),
        ("a &lt;b&gt; &amp;amp; 1 < 2", "a <b> &amp; 1 < 2", ()),
    ],
)
def test_markup_becomes_what_readers_saw(written: str, shown: str, mentions: tuple[str, ...]) -> None:
    (posted,) = read(said(text=written))
    assert (posted.text, posted.mentions) == (shown, mentions)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"subtype": "me_message"}, "action"),
        ({"subtype": "file_share"}, "file"),
        ({"files": [{"mimetype": "image/png"}]}, "image"),
        ({"files": [{"mimetype": "video/mp4"}, None]}, "video"),
        ({"files": [{"mimetype": "audio/mp3"}]}, "voice"),
        ({"files": [{"mode": "tombstone"}]}, "file"),
        ({"file": {"id": "F1"}}, "file"),
        ({"subtype": "huddle_thread"}, "call"),
        ({"subtype": "thread_broadcast"}, "message"),
    ],
)
def test_what_a_message_is_made_of(fields: dict[str, Any], kind: str) -> None:
    assert read(said(**fields))[0].kind == MessageKind(kind)


def test_an_answer_in_a_thread() -> None:
    root, answer = read(
        said(thread_ts="1714957200.000100"),
        said(ts="1714957300.000100", user="U2", thread_ts="1714957200.000100", parent_user_id="U1"),
    )
    assert (root.reply_to, root.reply_to_author) == (None, None)
    assert (answer.reply_to, answer.reply_to_author) == ("1714957200.000100", "U1")


def test_bots_are_marked() -> None:
    found = read(
        said(subtype="bot_message", user=None, bot_id="B1", username="Deploy"),
        said(ts="2.0", user="UB"),
        said(ts="3.0", subtype="bot_message", user=None, username="webhook"),
    )
    assert [(one.author, one.house) for one in found] == [
        (Person(id="B1", name="Deploy"), True),
        (Person(id="UB", name="helper"), True),
        (Person(id="name:webhook", name="webhook"), True),
    ]


def test_members_and_names() -> None:
    joined, invited, left, renamed, topic, recalled = read(
        said(subtype="channel_join"),
        said(ts="2.0", subtype="group_join", inviter="U2"),
        said(ts="3.0", subtype="channel_leave"),
        said(ts="4.0", subtype="channel_name", old_name="plants", name="garden"),
        said(ts="5.0", subtype="channel_topic", text="<@U1> set the topic"),
        said(ts="6.0", subtype="tombstone", user="USLACKBOT"),
    )
    assert isinstance(joined, MemberJoined)
    assert (joined.member.name, joined.way, joined.inviter) == ("Lin", "", None)
    assert (invited.way, invited.inviter) == ("invited", Person(id="U2", name="Tao"))
    assert isinstance(left, MemberLeft)
    assert isinstance(renamed, GroupRenamed)
    assert (renamed.before, renamed.group_name) == ("plants", "garden")
    assert isinstance(topic, NoticePosted)
    assert topic.text == "@Lin set the topic"
    assert isinstance(recalled, MessageRecalled)
    assert recalled.message_id == "6.0"


def test_words_that_stand_only_in_the_layout() -> None:
    blocks = [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "hi "},
                        {"type": "user", "user_id": "U2"},
                        {"type": "link", "url": "https://example.org"},
                        {"type": "emoji", "name": "wave"},
                    ],
                }
            ],
        }
    ]
    attached = [{"fallback": "Build 7 passed"}]
    first, second = read(said(text="", blocks=blocks), said(ts="2.0", text="", attachments=attached))
    assert (first.text, first.mentions) == ("hi @Taohttps://example.org:wave:", ("U2",))
    assert second.text == "Build 7 passed"


def test_a_comment_on_a_file_is_by_who_comments() -> None:
    in_words, in_field = read(
        said(subtype="file_comment", user=None, text="<@U2> commented on <@U1>’s file"),
        said(ts="2.0", subtype="file_comment", user=None, comment={"user": "U1"}, text="x"),
    )
    assert (in_words.author.id, in_field.author.id) == ("U2", "U1")


def test_talks_between_two_are_left_out() -> None:
    records = read(said(), folder="D1", dms=[{"id": "D1", "members": ["U1", "U2"]}])
    assert events(records) == []
    assert unreadables(records)[0].raw == "D1"


def test_a_channel_that_no_list_names_keeps_its_folder_as_its_id() -> None:
    assert read(said(), folder="lost")[0].group_id == "lost"


def test_bad_messages_are_kept_with_their_line() -> None:
    records = read(said(), said(ts="soon"), {"type": "message"}, said(ts="2.0", user=None), "?", said(ts="3.0"))
    assert len(events(records)) == 2
    assert [(bad.field, bad.problem) for bad in unreadables(records)] == [
        ("ts", problems.NO_TIME),
        ("", problems.WRONG_SHAPE),
        ("user", problems.NO_AUTHOR),
        ("", problems.WRONG_SHAPE),
    ]
    assert unreadables(records)[0].line == 8
