"""One message of every kind the archive tells, with invented contents: for readers that must know them all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wecom_sandbox.archive.files import made_up, picture
from wecom_sandbox.archive.record import message, switched
from wecom_sandbox.archive.store import Archive

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

CHUNK_AND_A_BIT = 524_288 + 4096


def one_of_each(company: Company, *, sender: str, to: list[str], room: str, now: float) -> list[dict[str, Any]]:
    """In the order of sheet 22.4; then a text with a control character and a kind nobody knows."""
    archive = company.part(Archive)
    at_ms = int(now * 1000)

    def made(kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        return message(
            msgid=archive.new_msgid(at_ms), sender=sender, to=to, room=room, at_ms=at_ms, kind=kind, body=body, **more
        )

    first = made("text", {"content": "请问今晚几点开始?"})
    plain = [made(kind, body) for kind, body in (*_with_files(archive), *_without_files(at_ms, sender))]
    calls = [
        made("meeting_voice_call", _call(archive, at_ms, sender), voiceid="voiceInvented01"),
        made("voip_doc_share", {"filename": "第三章.pdf", **_file(archive, b"doc share")}, voipid="voipInvented01"),
    ]
    return [
        first,
        *plain,
        *calls,
        made("revoke", {"pre_msgid": first["msgid"]}),
        switched(msgid=archive.new_msgid(at_ms), user=sender, at_ms=at_ms),
        made("text", {"content": "复制来的\x0b文字\x01带着控制符"}),
        made("solitaire", {"title": "接龙：周五晚谁来", "item": [{"text": "我"}]}),
    ]


def _file(archive: Archive, content: bytes) -> dict[str, Any]:
    file = archive.keep_file(content)
    return {"md5sum": file.md5sum, "filesize": len(content), "sdkfileid": file.sdkfileid}


def _with_files(archive: Archive) -> list[tuple[str, dict[str, Any]]]:
    voice, emotion = _file(archive, made_up(6000, "voice")), _file(archive, picture("emotion"))
    return [
        ("image", _file(archive, picture("image"))),
        (
            "voice",
            {"md5sum": voice["md5sum"], "voice_size": voice["filesize"], "play_length": 7, "sdkfileid": voice["sdkfileid"]},
        ),
        ("video", {**_file(archive, made_up(CHUNK_AND_A_BIT, "video")), "play_length": 12}),
        (
            "emotion",
            {"type": 2, "width": 64, "height": 64, "imagesize": emotion["filesize"]}
            | {"md5sum": emotion["md5sum"], "sdkfileid": emotion["sdkfileid"]},
        ),
        ("file", {**_file(archive, made_up(2 * CHUNK_AND_A_BIT, "file")), "filename": "共读笔记.docx", "fileext": "docx"}),
    ]


def _without_files(at_ms: int, sender: str) -> list[tuple[str, dict[str, Any]]]:
    seconds = at_ms // 1000
    return [
        ("agree", {"userid": sender, "agree_time": at_ms}),
        ("disagree", {"userid": sender, "disagree_time": at_ms}),
        ("card", {"corpname": "云栖家居", "userid": "wmInventedCust09"}),
        ("location", {"longitude": 120.15, "latitude": 30.28, "address": "西湖区文一路 1 号", "title": "拾光书店", "zoom": 15}),
        ("link", {"title": "第三章笔记", "description": "提纲", "link_url": "https://example.org/ch3", "image_url": ""}),
        ("weapp", {"title": "报名", "description": "共读会", "username": "gh_invented@app", "displayname": "共读"}),
        ("chatrecord", _record(seconds)),
        ("todo", {"title": "带书", "content": "周五共读带上第三章"}),
        ("vote", {"votetitle": "周几合适", "voteitem": ["周五", "周六"], "votetype": 101, "voteid": "voteInvented01"}),
        ("collect", _collection(sender)),
        ("redpacket", {"type": 2, "wish": "共读快乐", "totalcnt": 10, "totalamount": 2000}),
        ("meeting", _meeting(seconds)),
        ("meeting_notification", {"content": "会议将于十分钟后开始", "meeting_id": 1001, "notification_type": 1}),
        ("docmsg", {"title": "共读安排", "doc_creator": sender, "link_url": "https://example.org/doc"}),
        ("markdown", {"content": "**周五**共读"}),
        ("news", {"item": [{"title": "周报", "description": "本周", "url": "https://example.org/w", "picurl": ""}]}),
        ("calendar", _calendar(seconds)),
        ("mixed", _mixed()),
        ("external_redpacket", {"type": 1, "wish": "谢谢大家", "totalcnt": 1, "totalamount": 100}),
        ("sphfeed", {"feed_type": 4, "sph_name": "拾光读书", "feed_desc": "第三章领读"}),
        ("voiptext", {"callduration": 65, "invitetype": 1}),
        ("qydiskfile", {"filename": "共读资料.zip"}),
    ]


def _inner(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)


def _record(seconds: int) -> dict[str, Any]:
    items: list[tuple[str, dict[str, Any]]] = [
        ("ChatRecordText", {"content": "第三章我读完了"}),
        ("ChatRecordLink", {"title": "笔记", "description": "", "link_url": "https://example.org/n", "image_url": ""}),
        ("ChatRecordMixed", {"item": [{"type": "text", "content": _inner({"content": "图文"})}]}),
    ]
    told = [{"type": kind, "msgtime": seconds, "content": _inner(body), "from_chatroom": False} for kind, body in items]
    return {"title": "群聊的聊天记录", "item": told}


def _mixed() -> dict[str, Any]:
    return {
        "item": [
            {"type": "text", "content": _inner({"content": "看这里"})},
            {"type": "link", "content": _inner({"title": "报名", "link_url": "https://example.org/join"})},
        ]
    }


def _collection(sender: str) -> dict[str, Any]:
    questions = [{"id": 1, "ques": "姓名", "type": "Text"}, {"id": 2, "ques": "几位", "type": "Number"}]
    return {
        "room_name": "读书会 A",
        "creator": sender,
        "create_time": "2026-03-01 20:00:00",
        "title": "报名",
        "details": questions,
    }


def _meeting(seconds: int) -> dict[str, Any]:
    return {
        "topic": "共读复盘",
        "starttime": seconds + 3600,
        "endtime": seconds + 7200,
        "address": "线上",
        "remarks": "",
        "meetingtype": 101,
        "meetingid": 1001,
        "status": 1,
    }


def _calendar(seconds: int) -> dict[str, Any]:
    return {
        "title": "共读",
        "creatorname": "阿禾",
        "attendeename": ["小满"],
        "starttime": seconds + 3600,
        "endtime": seconds + 7200,
        "place": "线上",
        "remarks": "",
    }


def _call(archive: Archive, at_ms: int, sender: str) -> dict[str, Any]:
    seconds = at_ms // 1000
    demo = {"filename": "第三章.pptx", "demooperator": sender, "starttime": seconds, "endtime": seconds + 60}
    screen = {"share": sender, "starttime": seconds, "endtime": seconds + 30}
    file = archive.keep_file(made_up(8000, "call"))
    return {"endtime": seconds + 90, "sdkfileid": file.sdkfileid, "demofiledata": [demo], "sharescreendata": [screen]}
