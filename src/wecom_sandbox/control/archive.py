"""What the stand-in library asks, and what an administrator or a test does to the archive."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from wecom_sandbox.answer import Answer, Raw
from wecom_sandbox.apps import App, Kind
from wecom_sandbox.archive.files import BadIndex, made_up, piece
from wecom_sandbox.archive.samples import one_of_each
from wecom_sandbox.archive.store import Archive
from wecom_sandbox.company import Company
from wecom_sandbox.errors import TEXTS, NoSense, Refusal, sentence
from wecom_sandbox.quotas import MINUTE, Limit
from wecom_sandbox.request import Request

from .registry import control

OK, BAD_PARAMETER, BAD_NETWORK, BAD_FILE, BAD_ADDRESS, EXPIRED = 0, 10000, 10001, 10005, 10009, 10010
RETURN_CODES = range(10000, 10100)
A_MINUTE = (Limit(600, MINUTE),)
MOST = 1000


def _answer(code: int, body: bytes = b"", *, following: str = "") -> Raw:
    """The library's own line first: return code, whether that was all, what to ask with next."""
    return Raw(f"{code} {int(not following)} {following or '-'}\n".encode() + body)


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _refused(company: Company, request: Request, errcode: int) -> bytes:
    text = sentence(errcode, TEXTS.get(errcode, "refused"), ip=request.ip, now=company.clock.now(), number=1)
    return _json({"errcode": errcode, "errmsg": text, "chatdata": []})


def _caller(company: Company, request: Request) -> App:
    """Raises Refusal."""
    if request.headers.get("x-corpid") != company.corpid:
        raise Refusal(40013)
    app = company.the_app(Kind.ARCHIVE)
    if request.headers.get("x-secret") != app.secret:
        raise Refusal(40001)
    if app.allowed_ips is not None and request.ip not in app.allowed_ips:
        raise Refusal(301042)
    return app


@control("GET", "/sandbox/archive/chatdata", locked=False)
def chat_data(company: Company, request: Request) -> Answer:
    """GetChatData. Records are locked outside the company's lock: that takes longest."""
    seq, limit = request.query.get("seq", ""), request.query.get("limit", "")
    if not seq.isdigit() or not limit.isdigit() or not 1 <= int(limit) <= MOST:
        return _answer(BAD_PARAMETER)
    try:
        with company.lock:
            company.agenda.run_due()
            archive = company.part(Archive)
            code = archive.trouble.strike()
            if code in RETURN_CODES:
                return _answer(code)
            _caller(company, request)
            company.quotas.spend_for("archive", "GetChatData", A_MINUTE)
            if code:
                raise Refusal(code)
            records = archive.pull(int(seq), int(limit))
    except Refusal as refusal:
        return _answer(OK, _refused(company, request, refusal.errcode))
    return _answer(OK, _json({"errcode": 0, "errmsg": "ok", "chatdata": [record.row() for record in records]}))


@control("GET", "/sandbox/archive/media", locked=False)
def media_data(company: Company, request: Request) -> Answer:
    """GetMediaData."""
    try:
        with company.lock:
            archive = company.part(Archive)
            code = archive.file_trouble.strike()
            if code:
                return _answer(code)
            _caller(company, request)
            known = request.query.get("sdkfileid", "") in archive.files
            file = archive.file(request.query.get("sdkfileid", ""))
    except Refusal as refusal:
        return _answer(BAD_ADDRESS if refusal.errcode == 301042 else 10004)
    if file is None:
        return _answer(EXPIRED if known else BAD_FILE)
    try:
        found = piece(file.content, request.query.get("index", ""))
    except BadIndex:
        return _answer(BAD_PARAMETER)
    return _answer(OK, found.data, following=found.next_index)


# What an administrator does.


@control("POST", "/sandbox/archive/key")
def set_key(company: Company, request: Request) -> Answer:
    """{"public_key": PEM, "version"?}: messages from now on are locked for it."""
    key = company.part(Archive).set_key(request.text("public_key"), request.json.get("version"))
    return {"version": key.version}


@control("POST", "/sandbox/archive/licences")
def licence(company: Company, request: Request) -> Answer:
    """{"userids": [...] or "all", "edition": 1 | 2 | 3 | null}: null takes them away."""
    wish = request.json
    everybody = [one.userid for one in company.directory.present()]
    userids = everybody if wish.get("userids") == "all" else request.texts("userids")
    edition = wish.get("edition", 3)
    if edition not in {1, 2, 3, None}:
        raise NoSense("edition is 1 (office), 2 (service), 3 (enterprise) or null")
    company.part(Archive).license(userids, edition)
    return {"licensed": company.part(Archive).licensed()}


@control("GET", "/sandbox/archive")
def state(company: Company, request: Request) -> Answer:
    archive = company.part(Archive)
    return {
        "records": len(archive.records),
        "next_seq": archive.next_seq,
        "keys": [key.version for key in archive.keys],
        "licensed": archive.licensed(),
        "files": len(archive.files),
        "not_kept": archive.not_kept,
    }


# What a test does.


@control("POST", "/sandbox/archive/write")
def write(company: Company, request: Request) -> Answer:
    """{"messages": [...]}: put in as they stand, whatever is in them. A missing msgid and msgtime are filled in."""
    archive, now = company.part(Archive), int(company.clock.exact() * 1000)
    messages = request.json.get("messages")
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise NoSense('"messages" is a list of objects as in sheet 22.3')
    written = [archive.write({"msgid": archive.new_msgid(now), "msgtime": now, **one}) for one in messages]
    return {"written": [{"seq": one.seq, "msgid": one.said["msgid"]} for one in written if one is not None]}


@control("POST", "/sandbox/archive/samples")
def samples(company: Company, request: Request) -> Answer:
    """{"from", "to": [...], "roomid"}: one message of every kind of sheet 22.4, and one of a kind nobody knows."""
    archive = company.part(Archive)
    made = one_of_each(
        company, sender=request.text("from"), to=request.texts("to"), room=request.text_or("roomid"), now=company.clock.exact()
    )
    written = [archive.write(one) for one in made]
    return {"written": [{"seq": one.seq, "msgtype": one.said.get("msgtype", "")} for one in written if one is not None]}


@control("POST", "/sandbox/archive/fill")
def fill(company: Company, request: Request) -> Answer:
    """{"count", "from", "to", "roomid"}: so many texts at once, for measuring."""
    archive, now = company.part(Archive), int(company.clock.exact() * 1000)
    sender, to, room = request.text("from"), request.texts("to"), request.text_or("roomid")
    for number in range(request.number("count", low=1, high=1_000_000)):
        body = {"content": f"第 {number + 1} 条：今晚八点共读第三章，记得带上你划的那一段。"}
        archive.write(
            {"msgid": archive.new_msgid(now), "action": "send", "from": sender, "tolist": to, "roomid": room, "msgtime": now}
            | {"msgtype": "text", "text": body}
        )
    return {"next_seq": archive.next_seq}


@control("POST", "/sandbox/archive/skip")
def skip(company: Company, request: Request) -> Answer:
    """{"count"}: so many numbers are never seen."""
    company.part(Archive).skip(request.number("count", low=1))
    return {"next_seq": company.part(Archive).next_seq}


@control("POST", "/sandbox/archive/file")
def keep_file(company: Company, request: Request) -> Answer:
    """{"size", "seed"} or {"base64"}: a file to speak of; answers with its sdkfileid, md5sum and filesize."""
    given = request.text_or("base64")
    try:
        content = (
            base64.b64decode(given, validate=True)
            if given
            else made_up(request.number("size", low=0), request.text_or("seed", "file"))
        )
    except binascii.Error as wrong:
        raise NoSense("base64 is not base64") from wrong
    file = company.part(Archive).keep_file(content)
    return {"sdkfileid": file.sdkfileid, "md5sum": file.md5sum, "filesize": len(content)}


@control("POST", "/sandbox/archive/trouble")
def trouble(company: Company, request: Request) -> Answer:
    """{"code", "times", "of": "records" | "files"}: the next questions are answered with this return code (10000 to 10099), or
    with another errcode inside an answer (records only).
    """
    of = request.text_or("of", "records")
    if of not in {"records", "files"}:
        raise NoSense("of is records or files")
    archive = company.part(Archive)
    (archive.trouble if of == "records" else archive.file_trouble).plan(
        request.number("code"), request.number("times", 1, low=0)
    )
    return None


@control("POST", "/sandbox/archive/rooms")
def internal_room(company: Company, request: Request) -> Answer:
    """{"roomid", "roomname", "creator", "notice", "members": [{"memberid", "jointime"}]}: an internal group."""
    company.part(Archive).internal_rooms[request.text("roomid")] = {
        "roomname": request.text_or("roomname"),
        "creator": request.text("creator"),
        "room_create_time": request.number("room_create_time", company.clock.now()),
        "notice": request.text_or("notice"),
        "members": request.json.get("members", []),
    }
    return None


@control("POST", "/sandbox/archive/robots")
def robot(company: Company, request: Request) -> Answer:
    """{"robot_id", "name", "creator_userid"}"""
    company.part(Archive).robots[request.text("robot_id")] = {
        name: request.text(name) for name in ("robot_id", "name", "creator_userid")
    }
    return None
