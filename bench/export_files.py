"""Chat exports for measuring: the same talk, of any length, written as each tool writes it."""

from __future__ import annotations

import csv
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

START = datetime(2022, 1, 1, tzinfo=UTC)
SENTENCE = (
    "今天 浇水 了吗 番茄 又 红 了 两个 谁 有 多余 的 花盆 周末 一起 去 花市 吧 这个 肥料 怎么样 https://example.org/p 👍 谢谢"
)
WORDS = SENTENCE.split()
PEOPLE = 2000
GROUP = "阳台种菜群"
ZONE = ZoneInfo("Asia/Shanghai")
A_PICTURE_IN = 11
"""One message in so many is a picture."""


def said(number: int) -> tuple[datetime, int, str]:
    """Who says what and when: the same for the same number, so that every format carries the same talk."""
    dice = random.Random(number)
    return (
        START + timedelta(seconds=41 * number),
        int(PEOPLE * dice.random() ** 3),
        " ".join(dice.choices(WORDS, k=dice.randint(2, 24))),
    )


def telegram_message(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    message: dict[str, Any] = {
        "id": number + 1,
        "type": "message",
        "date": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(int(at.timestamp())),
        "from": f"邻居{person}",
        "from_id": f"user{7_000_000 + person}",
    }
    if number % 5 == 4:
        message["reply_to_message_id"] = number - 2
    if number % 7 == 6:
        head, link, tail = text[:8], "https://example.org/x", text[8:]
        message["text"] = [head, {"type": "link", "text": link}, tail]
        message["text_entities"] = [
            {"type": "plain", "text": head},
            {"type": "link", "text": link},
            {"type": "plain", "text": tail},
        ]
    else:
        message["text"] = text
        message["text_entities"] = [{"type": "plain", "text": text}]
    if number % 11 == 10:
        message["photo"] = "(File not included. Change data exporting settings to download.)"
        message["width"], message["height"] = 1280, 960
    return message


def telegram(folder: Path, size: int) -> Path:
    """As Telegram Desktop writes it: one space of indentation a level."""
    place = folder / "result.json"
    with place.open("w", encoding="utf-8") as file:
        file.write('{\n "name": "阳台种菜群",\n "type": "private_supergroup",\n "id": 1900000001,\n "messages": [\n')
        for number in range(size):
            body = json.dumps(telegram_message(number), ensure_ascii=False, indent=1).replace("\n", "\n  ")
            file.write(f"  {body}{',' if number < size - 1 else ''}\n")
        file.write(" ]\n}")
    return place


def telegram_compact(folder: Path, size: int) -> Path:
    """As some tool wrote it again: everything on one line."""
    place = folder / "compact.json"
    with place.open("w", encoding="utf-8") as file:
        file.write('{"name":"阳台种菜群","type":"private_supergroup","id":1900000001,"messages":[')
        for number in range(size):
            file.write("," if number else "")
            json.dump(telegram_message(number), file, ensure_ascii=False, separators=(",", ":"))
        file.write("]}")
    return place


def slack(folder: Path, size: int) -> Path:
    place = folder / "slack.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "garden"}]))
        users = [{"id": f"U{n}", "name": f"u{n}", "profile": {"display_name": f"邻居{n}"}} for n in range(PEOPLE)]
        archive.writestr("users.json", json.dumps(users))
        for day, numbers in days(size):
            messages = [slack_message(number) for number in numbers]
            archive.writestr(f"garden/{day}.json", json.dumps(messages, indent=4))
    return place


def slack_message(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    return {"type": "message", "user": f"U{person}", "text": text, "ts": f"{int(at.timestamp())}.{number % 1000000:06}"}


def days(size: int) -> Iterator[tuple[str, range]]:
    a_day = 86400 // 41
    for first in range(0, size, a_day):
        yield f"{START + timedelta(days=first // a_day):%Y-%m-%d}", range(first, min(size, first + a_day))


def zulip(folder: Path, size: int) -> Path:
    place = folder / "zulip.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("z/stream_index.json", json.dumps({"streams": {"garden": {"id": 7}}}))
        for day, numbers in days(size):
            messages = [zulip_message(number) for number in numbers]
            archive.writestr(f"z/7-garden/{day}.json", json.dumps(messages, indent=4))
    return place


def zulip_message(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    html = f'<p><span class="user-mention">@邻居{number % PEOPLE}</span> {text}</p>' if number % 4 == 0 else f"<p>{text}</p>"
    return {"content": html, "id": number + 1, "sender_full_name": f"邻居{person}", "timestamp": int(at.timestamp())}


def irc(folder: Path, size: int) -> Path:
    root = folder / "irc"
    (root / "garden").mkdir(parents=True)
    for day, numbers in days(size):
        lines = [f"[{at:%H:%M}] <nick{person}> {text}" for at, person, text in map(said, numbers)]
        (root / "garden" / day).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def table_row(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    basis = {"carrier": "qq", "group_id": "10001", "group_name": "阳台种菜群", "message_id": str(number)}
    return {**basis, "sent_at": at, "author_id": str(person), "author_name": f"邻居{person}", "kind": "message", "text": text}


def table_csv(folder: Path, size: int) -> Path:
    place = folder / "table.csv"
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table_row(0)))
        writer.writeheader()
        for number in range(size):
            row = table_row(number)
            writer.writerow({**row, "sent_at": row["sent_at"].isoformat()})
    return place


def table_jsonl(folder: Path, size: int) -> Path:
    place = folder / "table.jsonl"
    with place.open("w", encoding="utf-8") as file:
        for number in range(size):
            row = table_row(number)
            file.write(json.dumps({**row, "sent_at": row["sent_at"].isoformat()}, ensure_ascii=False) + "\n")
    return place


def table_parquet(folder: Path, size: int) -> Path:
    place = folder / "table.parquet"
    schema = pa.Table.from_pylist([table_row(0)]).schema
    with pq.ParquetWriter(place, schema) as writer:
        for first in range(0, size, 50_000):
            rows = [table_row(number) for number in range(first, min(size, first + 50_000))]
            writer.write_table(pa.Table.from_pylist(rows, schema))
    return place


def local(at: datetime, pattern: str = "%Y-%m-%d %H:%M:%S") -> str:
    return at.astimezone(ZONE).strftime(pattern)


def is_picture(number: int) -> bool:
    return number % A_PICTURE_IN == A_PICTURE_IN - 1


def qq_text(folder: Path, size: int) -> Path:
    """As QQ for PC writes it: a head, then each message under a line with time and sender."""
    place, bar = folder / "阳台种菜群.txt", "=" * 64
    with place.open("w", encoding="utf-8-sig", newline="\r\n") as file:
        file.write("消息记录（此消息记录为文本格式，不支持重新导入）\n\n")
        file.write(f"{bar}\n消息分组:我的QQ群\n{bar}\n消息对象:{GROUP}\n{bar}\n\n")
        for number in range(size):
            at, person, text = said(number)
            file.write(f"{local(at)} 邻居{person}({10_000_000 + person})\n{'[图片]' if is_picture(number) else text}\n\n")
    return place


def qq_mht(folder: Path, size: int) -> Path:
    """As QQ for PC writes it: everything on one line of HTML, the pictures packed behind."""
    place, boundary = folder / "history.mht", "----=_NextPart_20D95298_8E4B.7C71"
    heads = "From: <Save by Tencent MsgMgr>\nSubject: Tencent IM Message\nMIME-Version: 1.0\n"
    with place.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write(f'{heads}Content-Type:multipart/related;\n\ttype="text/html";\n\tboundary="{boundary}"\n\n--{boundary}\n')
        file.write("Content-Type: text/html\nContent-Transfer-Encoding:7bit\n\n<html><body><table width=100%>")
        file.write(f"<tr><td><div>消息分组:我的QQ群</div></td></tr><tr><td><div>消息对象:{GROUP}</div></td></tr>")
        file.writelines(mht_rows(size))
        file.write(f"</table></body></html>\n\n--{boundary}--\n")
    return place


def mht_rows(size: int) -> Iterator[str]:
    day = ""
    for number in range(size):
        at, person, text = said(number)
        if local(at, "%Y-%m-%d") != day:
            day = local(at, "%Y-%m-%d")
            yield f"<tr><td style=border-bottom:1px;>日期: {day}</td></tr>"
        who = f"<div style=float:left;margin-right:6px;>邻居{person}({10_000_000 + person})</div>{local(at, '%H:%M:%S')}"
        picture = f'<IMG src="{{{number:08X}}}.dat">'
        words = picture if is_picture(number) else f"<font style=\"font-size:10pt;font-family:'宋体';\">{escape(text)}</font>"
        yield f"<tr><td><div style=color:#006EFE;>{who}</div><div style=padding-left:20px;>{words}</div></td></tr>"


def qq_exporter(folder: Path, size: int) -> Path:
    place = folder / "group.json"
    head = {
        "metadata": {"name": "QQChatExporter V4", "version": "4.0.1"},
        "chatInfo": {"name": GROUP, "type": "group"},
        "statistics": {"totalMessages": size},
    }
    write_json(place, head, map(qq_exporter_message, range(size)))
    return place


def write_json(place: Path, head: dict[str, Any], messages: Iterable[dict[str, Any]]) -> None:
    """An object whose last field is the list of messages, indented by two."""
    with place.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}") + ',\n  "messages": [')
        for number, message in enumerate(messages):
            body = json.dumps(message, ensure_ascii=False, indent=2).replace("\n", "\n    ")
            file.write(f"{',' if number else ''}\n    {body}")
        file.write("\n  ]\n}")


def qq_exporter_message(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    element = {"type": "image", "data": {"filename": f"{number}.jpg"}} if is_picture(number) else None
    elements = [element or {"type": "text", "data": {"text": text}}]
    return {
        "messageId": str(7_300_000_000_000_000_000 + number),
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "sender": {"uid": f"u_{person}", "uin": str(10_000_000 + person), "name": f"邻居{person}"},
        "messageType": 2,
        "isSystemMessage": False,
        "isRecalled": False,
        "content": {"text": "[图片]" if element else text, "raw": "", "resources": [], "elements": elements, "emojis": []},
        "rawMessage": {"sendNickName": f"邻居{person}", "sendMemberName": "", "msgTime": str(int(at.timestamp()))},
    }


def write_csv(place: Path, heading: str, rows: Iterable[list[object]]) -> Path:
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading.split(","))
        writer.writerows(rows)
    return place


PICTURE = '<?xml version="1.0"?><msg><img aeskey="0" encryver="1" length="81920" hdlength="0" md5="0" /></msg>'


def wechat_memotrace(folder: Path, size: int) -> Path:
    heading = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
    return write_csv(folder / "messages.csv", heading, map(memotrace_row, range(size)))


def memotrace_row(number: int) -> list[object]:
    at, person, text = said(number)
    sort, content = (3, PICTURE) if is_picture(number) else (1, text)
    return [number + 1, 7, sort, 0, 0, int(at.timestamp()), 0, content, local(at), "", GROUP, f"邻居{person}"]


def wechat_pywxdump(folder: Path, size: int) -> Path:
    """The tool cuts a chat into files of some thousand rows."""
    root, a_file = folder / "pywxdump", 5000
    root.mkdir()
    for first in range(0, size, a_file):
        numbers = range(first, min(size, first + a_file))
        heading = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime"
        write_csv(root / f"12345@chatroom_{numbers[0]}_{numbers[-1]}.csv", heading, map(pywxdump_row, numbers))
    return root


def pywxdump_row(number: int) -> list[object]:
    at, person, text = said(number)
    sort, content, source = ("图片", "图片", f"img/{number}.dat") if is_picture(number) else ("文本", text, "")
    own_id = 7_000_000_000_000_000_000 + number
    return [number + 1, own_id, sort, 0, f"wxid_{person:010}", "12345@chatroom", content, source, local(at)]


def wechat_chatlog(folder: Path, size: int) -> Path:
    heading = "Time,SenderName,Sender,TalkerName,Talker,Content"
    return write_csv(folder / "chatlog.csv", heading, map(chatlog_row, range(size)))


def chatlog_row(number: int) -> list[object]:
    at, person, text = said(number)
    content = "![图片](http://127.0.0.1:5030/image/0)" if is_picture(number) else text
    return [local(at), f"邻居{person}", f"wxid_{person:010}", GROUP, "12345@chatroom", content]


def discord(folder: Path, size: int) -> Path:
    place = folder / "discord.json"
    head = {
        "guild": {"id": "77", "name": "阳台种菜社"},
        "channel": {"id": "88", "type": "GuildTextChat", "category": "闲聊", "name": "番茄", "topic": None},
        "dateRange": {"after": None, "before": None},
    }
    write_json(place, head, map(discord_message, range(size)))
    return place


def discord_message(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    picture = {"id": str(number), "url": f"media/{number}.png", "fileName": f"{number}.png", "fileSizeBytes": 81920}
    message: dict[str, Any] = {
        "id": str(1_200_000_000_000_000_000 + number),
        "type": "Reply" if number % 5 == 4 else "Default",
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.120+00:00"),
        "timestampEdited": None,
        "content": "" if is_picture(number) else text,
        "author": {
            "id": str(9_000_000 + person),
            "name": f"n{person}",
            "nickname": f"邻居{person}",
            "isBot": False,
            "roles": [],
        },
        "attachments": [picture] if is_picture(number) else [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
    }
    if message["type"] == "Reply":
        message["reference"] = {"messageId": str(1_200_000_000_000_000_000 + number - 2), "channelId": "88", "guildId": "77"}
    return message


MAKERS: dict[str, Callable[[Path, int], Path]] = {
    make.__name__: make
    for make in (
        *(telegram, telegram_compact, discord, slack, zulip, irc),
        *(qq_text, qq_mht, qq_exporter, wechat_memotrace, wechat_pywxdump, wechat_chatlog),
        *(table_csv, table_jsonl, table_parquet),
    )
}
