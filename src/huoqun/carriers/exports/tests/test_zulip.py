"""Zulip, oddity by oddity."""

from __future__ import annotations

import json
from typing import Any

import pytest

from huoqun.carriers.exports import problems
from huoqun.carriers.exports.formats import zulip
from huoqun.vocabulary.events import MessageKind, Person

from .memory import SETTING, entry, events, unreadables


def read(
    *messages: Any, index: str = '{"streams": {"花 园": {"id": 7}}}', folder: str = "7-x", topic: str = "a.2Fb"
) -> list[Any]:
    entries = [
        entry(index, "zulip_json/stream_index.json"),
        entry(json.dumps(messages, indent=4), f"zulip_json/{folder}/{topic}.json"),
        entry("{}", "zulip_json/notes.json"),
    ]
    assert zulip.recognise(entries)
    return list(zulip.read(entries, SETTING))


def said(content: str, **more: Any) -> dict[str, Any]:
    return {"id": 100, "content": content, "sender_full_name": "Lin", "timestamp": 1714957200, **more}


def test_a_message() -> None:
    (posted,) = read(said("<p>早</p>"))
    assert (posted.group_id, posted.group_name, posted.topic, posted.text) == ("7", "花 园", "a/b", "早")
    assert (posted.source_id, posted.message_id) == ("m:100", "100")
    assert posted.author == Person(id="name:Lin", name="Lin")


@pytest.mark.parametrize(
    ("html", "text", "mentions", "kind"),
    [
        ('<p>hi <span class="user-mention" data-user-id="5">@Tao T.</span>!</p>', "hi @Tao T.!", ("name:Tao T.",), "message"),
        ('<p><span class="user-mention silent">Tao</span> says</p>', "Tao says", (), "message"),
        ('<p><span class="user-mention" data-user-id="*">@all</span></p>', "@all", (), "message"),
        ("<p>a<br>\nb</p>\n<ul>\n<li>c</li>\n<li>d</li>\n</ul>", "a\nb\n\nc\nd", (), "message"),
        ("<p>1 &lt; 2 &amp;&amp; <code>x&gt;y</code></p>", "1 < 2 && x>y", (), "message"),
        ('<p><span class="emoji" title="smile">:smile:</span></p>', ":smile:", (), "message"),
        ('<p><a href="/user_uploads/1/a.PNG">a.PNG</a></p>', "a.PNG", (), "image"),
        ('<p><a href="/user_uploads/1/a.pdf">a.pdf</a></p>', "a.pdf", (), "file"),
        ('<div class="message_inline_image"><a href="x"><img src="x"></a></div>', None, (), "image"),
        ("", None, (), "other"),
    ],
)
def test_html_becomes_what_readers_saw(html: str, text: str | None, mentions: tuple[str, ...], kind: str) -> None:
    (posted,) = read(said(html))
    assert (posted.text, posted.mentions, posted.kind) == (text, mentions, MessageKind(kind))


def test_a_quote_with_words_below_it_is_an_answer() -> None:
    html = (
        '<p><span class="user-mention silent">Tao &amp; Co</span> '
        '<a href="#narrow/channel/7-x/topic/a/near/99">said</a>:</p>\n'
        "<blockquote>\n<blockquote><p>old</p></blockquote><p>how?</p>\n</blockquote>\n<p>like this</p>"
    )
    (posted,) = read(said(html))
    assert (posted.reply_to, posted.reply_to_author, posted.text) == ("99", "name:Tao & Co", "like this")
    assert posted.mentions == ()


def test_a_settled_topic_is_the_same_topic() -> None:
    assert read(said("x"), topic=".E2.9C.94.20open")[0].topic == "open"


def test_the_house_of_zulip_is_marked() -> None:
    assert read(said("x", sender_full_name="Notification Bot"))[0].house


def test_without_an_index_folders_give_the_names() -> None:
    records = read(said("x"), index='{"streams": 5}', folder="7-.E8.8A.B1")
    assert events(records)[0].group_name == "花"
    assert unreadables(records)[0].file == "zulip_json/stream_index.json"


def test_bad_messages_are_kept() -> None:
    records = read(said("a"), said("b", id="x"), said("c", timestamp=1e30), said("d", sender_full_name=""), said("e", id=2))
    assert [one.text for one in events(records)] == ["a", "e"]
    assert [(bad.field, bad.problem) for bad in unreadables(records)] == [
        ("id", problems.WRONG_SHAPE),
        ("timestamp", problems.NO_TIME),
        ("sender_full_name", problems.NO_AUTHOR),
    ]
