from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from huoqun.carriers.exports.formats import wechat_chatlog_json
from huoqun.vocabulary.events import MemberJoined, MessageKind

from .memory import SETTING, entry, events, unreadables

ROOM = "12345@chatroom"


def message(number: int = 1, content: str = "今天收了三斤番茄", **fields: Any) -> dict[str, Any]:
    told = {
        "seq": 1714957628000 + number,
        "time": "2024-05-06T09:07:08+08:00",
        "talker": ROOM,
        "talkerName": "阳台种菜群",
        "isChatRoom": True,
        "sender": "wxid_lin77",
        "senderName": "小林",
        "isSelf": False,
        "type": 1,
        "subType": 0,
        "content": content,
    }
    return told | fields


QUOTE = {"type": 49, "subType": 57, "contents": {"title": "我也要", "refer": {"sender": "wxid_lin77"}}}
SYSTEM = {"type": 10000, "sender": "系统消息", "senderName": ""}


@pytest.mark.parametrize("wrap", [lambda told: told, lambda told: {"total": 1, "items": told}])
@pytest.mark.parametrize("indent", [2, None])
def test_messages_in_a_list_and_under_a_key(wrap: Any, indent: int | None) -> None:
    told = [
        message(1, '"小林"邀请"老周"加入了群聊', **SYSTEM),
        message(2),
        message(3, "", sender="zhou_2020", senderName="老周", **QUOTE),
        message(4, "我领取了", sender="wxid_me", senderName="店长", isSelf=True),
        message(5, "你领取了小林的红包", **SYSTEM),
        message(6, "在吗", talker="wxid_lin77", talkerName="小林", isChatRoom=False),
        message(7, time="昨天"),
        message(8, sender=7),
    ]
    source = entry(json.dumps(wrap(told), ensure_ascii=False, indent=indent), "chat.json")
    assert wechat_chatlog_json.recognise([source])
    records = list(wechat_chatlog_json.read([source], SETTING))
    joined, said, quote, _, claim = events(records)
    assert isinstance(joined, MemberJoined)
    assert (joined.member.id, joined.inviter.id) == ("zhou_2020", "wxid_lin77")
    assert (said.source_id, said.at) == ("1714957628002", datetime(2024, 5, 6, 1, 7, 8, tzinfo=UTC))
    assert (quote.text, quote.kind, quote.reply_to_author) == ("我也要", MessageKind.TEXT, "wxid_lin77")
    assert (claim.member.id, claim.sender.id) == ("wxid_me", "wxid_lin77")
    assert [bad.field for bad in unreadables(records)] == ["time", "sender", "chat"]
