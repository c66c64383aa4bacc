"""The conversation archive through the stand-in library, in C and in Python: the same functions, the same answers."""

from __future__ import annotations

import base64
import ctypes
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from ctypes import c_char_p, c_int, c_uint, c_ulonglong, c_void_p
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from wecom_sandbox.apps import Kind
from wecom_sandbox.archive.build import NoCompiler, built_library
from wecom_sandbox.archive.twin import Twin

from .rig import Caller, sandbox

FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "NewSdk": (c_void_p, []),
    "Init": (c_int, [c_void_p, c_char_p, c_char_p]),
    "DestroySdk": (None, [c_void_p]),
    "GetChatData": (c_int, [c_void_p, c_ulonglong, c_uint, c_char_p, c_char_p, c_int, c_void_p]),
    "DecryptData": (c_int, [c_char_p, c_char_p, c_void_p]),
    "GetMediaData": (c_int, [c_void_p, c_char_p, c_char_p, c_char_p, c_char_p, c_int, c_void_p]),
    "NewSlice": (c_void_p, []),
    "FreeSlice": (None, [c_void_p]),
    "GetContentFromSlice": (c_void_p, [c_void_p]),
    "GetSliceLen": (c_int, [c_void_p]),
    "NewMediaData": (c_void_p, []),
    "FreeMediaData": (None, [c_void_p]),
    "GetOutIndexBuf": (c_void_p, [c_void_p]),
    "GetData": (c_void_p, [c_void_p]),
    "GetIndexLen": (c_int, [c_void_p]),
    "GetDataLen": (c_int, [c_void_p]),
    "IsMediaDataFinish": (c_int, [c_void_p]),
}


def in_c() -> Any:
    try:
        return ctypes.CDLL(str(built_library()))
    except NoCompiler as none:
        pytest.skip(str(none))


def in_python() -> Any:
    return Twin()


@dataclass
class Library:
    """As a program would use either."""

    c: Any
    sdk: int

    def records(self, after: int, limit: int = 1000) -> tuple[int, Any]:
        out = self.c.NewSlice()
        code = self.c.GetChatData(self.sdk, after, limit, b"", b"", 5, out)
        content = ctypes.string_at(self.c.GetContentFromSlice(out), self.c.GetSliceLen(out)) if code == 0 else b"null"
        self.c.FreeSlice(out)
        return code, json.loads(content)

    def open(self, key: str, message: str) -> tuple[int, bytes]:
        out = self.c.NewSlice()
        code = self.c.DecryptData(key.encode(), message.encode(), out)
        content = ctypes.string_at(self.c.GetContentFromSlice(out), self.c.GetSliceLen(out)) if code == 0 else b""
        self.c.FreeSlice(out)
        return code, content

    def piece(self, file_id: str, index: str) -> tuple[int, bytes, str, bool]:
        out = self.c.NewMediaData()
        code = self.c.GetMediaData(self.sdk, index.encode(), file_id.encode(), b"", b"", 5, out)
        if code:
            self.c.FreeMediaData(out)
            return code, b"", "", False
        data = ctypes.string_at(self.c.GetData(out), self.c.GetDataLen(out))
        following = ctypes.string_at(self.c.GetOutIndexBuf(out), self.c.GetIndexLen(out)).decode()
        finished = bool(self.c.IsMediaDataFinish(out))
        self.c.FreeMediaData(out)
        return code, data, following, finished


@cache
def pair(number: int = 1) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    with sandbox() as found:
        monkeypatch.setenv("WEWORK_SANDBOX", found.base_url)
        yield found


@pytest.fixture(params=[in_c, in_python], ids=["c", "python"])
def library(request: pytest.FixtureRequest, caller: Caller) -> Iterator[Library]:
    make: Callable[[], Any] = request.param
    c = make()
    for name, (result, arguments) in FUNCTIONS.items():
        getattr(c, name).restype, getattr(c, name).argtypes = result, arguments
    sdk = c.NewSdk()
    assert c.Init(sdk, caller.company.corpid.encode(), caller.company.the_app(Kind.ARCHIVE).secret.encode()) == 0
    yield Library(c, sdk)
    c.DestroySdk(sdk)


def licensed(caller: Caller) -> str:
    staff = caller.company.directory.with_contact()[0].userid
    only(caller, staff)
    caller.control("archive/key", {"public_key": pem(pair())})
    return staff


def only(caller: Caller, *userids: str) -> None:
    """These hold a licence, and nobody else."""
    caller.control("archive/licences", {"userids": "all", "edition": None})
    caller.control("archive/licences", {"userids": list(userids)})


def plain(library: Library, row: dict[str, Any], key: rsa.RSAPrivateKey) -> dict[str, Any]:
    text_key = key.decrypt(base64.b64decode(row["encrypt_random_key"]), padding.PKCS1v15()).decode()
    code, opened = library.open(text_key, row["encrypt_chat_msg"])
    assert code == 0
    return json.loads(re.sub(rb"[\x00-\x1f]", b"", opened))


def contacts(caller: Caller, staff: str) -> list[str]:
    return [follow["external_userid"] for follow in caller.control(f"contacts/{staff}")["contacts"]]


def test_what_a_licensed_colleague_and_a_customer_say_can_be_read(caller, library):
    staff = licensed(caller)
    customer = contacts(caller, staff)[0]
    asked = caller.people("speak", by=customer, to=staff, text="请问今晚几点开始? 😀")
    caller.people("speak", by=staff, to=customer, text="八点")
    code, told = library.records(0)
    assert (code, told["errcode"], [row["publickey_ver"] for row in told["chatdata"]]) == (0, 0, [1, 1])
    first, second = (plain(library, row, pair()) for row in told["chatdata"])
    assert first["msgid"] == asked["msgid"] == told["chatdata"][0]["msgid"]
    assert (first["from"], first["tolist"], first["roomid"]) == (customer, [staff], "")
    assert first["text"] == {"content": "请问今晚几点开始? 😀"}
    assert first["msgtime"] > 10**12
    assert first["msgid"].endswith("_external")
    assert second["text"]["content"] == "八点"


def test_nothing_is_archived_without_key_or_licence(caller, library):
    staff, other = (one.userid for one in caller.company.directory.with_contact()[:2])
    customer, stranger = contacts(caller, staff)[0], contacts(caller, other)[0]
    caller.people("speak", by=customer, to=staff, text="没有密钥")
    caller.control("archive/key", {"public_key": pem(pair())})
    only(caller, staff)
    caller.people("speak", by=stranger, to=other, text="没有许可")
    assert library.records(0)[1]["chatdata"] == []
    assert caller.control("archive")["not_kept"] == {"no key": 1, "no licence": 1, "refused": 0}


def test_who_refuses_is_not_archived_and_who_agrees_is(caller, library):
    staff = licensed(caller)
    customer = contacts(caller, staff)[0]
    caller.people("answer_archiving", external_userid=customer, userid=staff, status="Disagree")
    caller.people("speak", by=customer, to=staff, text="不想被存")
    caller.people("answer_archiving", external_userid=customer, userid=staff, status="Agree")
    caller.people("speak", by=customer, to=staff, text="可以了")
    kinds = [plain(library, row, pair())["msgtype"] for row in library.records(0)[1]["chatdata"]]
    assert kinds == ["disagree", "agree", "text"]
    assert caller.control("archive")["not_kept"]["refused"] == 1


def test_a_recall_is_an_action_of_its_own(caller, library):
    staff = licensed(caller)
    customer = contacts(caller, staff)[0]
    said = caller.people("speak", by=customer, to=staff, text="说错了")
    caller.people("recall", msgid=said["msgid"])
    last = plain(library, library.records(0)[1]["chatdata"][-1], pair())
    assert (last["action"], last["msgtype"], last["revoke"]) == ("recall", "revoke", {"pre_msgid": said["msgid"]})


def test_records_come_after_a_number_and_so_many(caller, library):
    staff = licensed(caller)
    filled = {"count": 25, "from": staff, "to": ["wmSomebody"], "roomid": ""}
    caller.control("archive/fill", filled)
    caller.control("archive/skip", {"count": 10})
    caller.control("archive/fill", filled)
    seqs, after = [], 0
    while rows := library.records(after, 7)[1]["chatdata"]:
        assert len(rows) <= 7
        seqs += [row["seq"] for row in rows]
        after = seqs[-1]
    assert seqs == [*range(1, 26), *range(36, 61)]


def test_every_kind_of_message_can_be_read(caller, library):
    staff = licensed(caller)
    written = caller.control("archive/samples", {"from": staff, "to": ["wmSomebody"], "roomid": "wrSomewhere"})["written"]
    rows = library.records(0)[1]["chatdata"]
    assert len(rows) == len(written) > 30
    said = [plain(library, row, pair()) for row in rows]
    keys = {"docmsg": "doc", "markdown": "info", "news": "info", "meeting_notification": "info"}
    keys |= {"external_redpacket": "redpacket", "voiptext": "info", "qydiskfile": "info"}
    for one in said:
        if one["action"] == "switch":
            assert set(one) == {"msgid", "action", "time", "user"}
            continue
        assert isinstance(one[keys.get(one["msgtype"], one["msgtype"])], dict), one["msgtype"]
    by_kind = {one.get("msgtype", "switch"): one for one in said}
    assert by_kind["meeting_voice_call"]["voiceid"]
    assert by_kind["voip_doc_share"]["voipid"]
    assert json.loads(by_kind["mixed"]["mixed"]["item"][0]["content"])["content"] == "看这里"


def test_control_characters_stand_bare_in_some_texts(caller, library):
    licensed(caller)
    caller.control(
        "archive/write", {"messages": [{"action": "send", "msgtype": "text", "text": {"content": "a\x01b\\u0001c"}}]}
    )
    row = library.records(0)[1]["chatdata"][0]
    text_key = pair().decrypt(base64.b64decode(row["encrypt_random_key"]), padding.PKCS1v15()).decode()
    opened = library.open(text_key, row["encrypt_chat_msg"])[1]
    assert b"a\x01b" in opened
    with pytest.raises(json.JSONDecodeError):
        json.loads(opened)
    assert plain(library, row, pair())["text"]["content"] == "ab\\u0001c"


def test_a_new_key_locks_what_comes_after_it(caller, library):
    staff = licensed(caller)
    caller.control("archive/fill", {"count": 1, "from": staff, "to": []})
    caller.control("archive/key", {"public_key": pem(pair(2)), "version": 7})
    caller.control("archive/fill", {"count": 1, "from": staff, "to": []})
    rows = library.records(0)[1]["chatdata"]
    assert [row["publickey_ver"] for row in rows] == [1, 7]
    assert plain(library, rows[1], pair(2))["text"]
    with caller.company.lock:
        from wecom_sandbox.archive.store import Archive
        from wecom_sandbox.errors import Refusal

        with pytest.raises(Refusal) as refused:
            caller.company.part(Archive).set_key(pem(pair(3)), 7)
        assert refused.value.errcode == 40212
        with pytest.raises(Refusal) as refused:
            caller.company.part(Archive).set_key("no key")
        assert refused.value.errcode == 40211


def test_the_wrong_key_is_told_by_number(caller, library):
    staff = licensed(caller)
    caller.control("archive/fill", {"count": 1, "from": staff, "to": []})
    row = library.records(0)[1]["chatdata"][0]
    assert library.open("ab" * 32, row["encrypt_chat_msg"])[0] == 10006
    assert library.open("too short", row["encrypt_chat_msg"])[0] == 10008
    assert library.open("ab" * 32, "!!")[0] == 10006


@pytest.mark.parametrize("size", [0, 1, 524_287, 524_288, 524_289, 1_200_000])
def test_a_file_comes_in_pieces_and_whole(caller, library, size):
    file = caller.control("archive/file", {"size": size, "seed": "x"})
    content, index, finished, indexes = b"", "", False, []
    while not finished:
        code, data, index, finished = library.piece(file["sdkfileid"], index)
        assert code == 0
        content += data
        indexes.append(index)
    assert (len(content), hashlib.md5(content).hexdigest()) == (size, file["md5sum"])
    assert indexes[-1] == ""
    if size > 524_288:
        assert indexes[0] == "Range:bytes=524288-1048575"


def test_files_unknown_or_too_old_are_told_by_number(caller, library):
    file = caller.control("archive/file", {"size": 10})
    assert library.piece("nothing", "")[0] == 10005
    assert library.piece(file["sdkfileid"], "Range:bytes=99-100")[0] == 10000
    caller.control("clock", {"advance": 6 * 86_400})
    assert library.piece(file["sdkfileid"], "")[0] == 10010


def test_records_can_be_pulled_for_five_days(caller, library):
    staff = licensed(caller)
    caller.control("archive/fill", {"count": 2, "from": staff, "to": []})
    caller.control("clock", {"advance": 4 * 86_400})
    caller.control("archive/fill", {"count": 1, "from": staff, "to": []})
    assert len(library.records(0)[1]["chatdata"]) == 3
    caller.control("clock", {"advance": 2 * 86_400})
    assert [row["seq"] for row in library.records(0)[1]["chatdata"]] == [3]


def test_a_wrong_secret_and_an_unknown_address_are_told_inside_the_answer(caller, library):
    other = library.c.NewSdk()
    assert library.c.Init(other, caller.company.corpid.encode(), b"not-the-secret") == 0
    assert Library(library.c, other).records(0)[1]["errcode"] == 40001
    caller.company.the_app(Kind.ARCHIVE).allowed_ips = {"203.0.113.1"}
    code, told = library.records(0)
    assert (code, told["errcode"], told["chatdata"]) == (0, 301042, [])
    assert "from ip: 127.0.0.1" in told["errmsg"]
    assert library.piece("anything", "")[0] == 10009


def test_trouble_on_demand(caller, library):
    caller.control("archive/trouble", {"code": 10001, "times": 2})
    assert [library.records(0)[0] for _ in range(3)] == [10001, 10001, 0]
    caller.control("archive/trouble", {"code": 45009})
    assert [library.records(0)[1]["errcode"] for _ in range(2)] == [45009, 0]
    caller.control("archive/trouble", {"code": 10003, "of": "files"})
    assert library.piece("x", "")[0] == 10003


def test_what_makes_no_sense_is_told_by_number(caller, library, monkeypatch):
    assert library.records(0, 0)[0] == 10000
    assert library.records(0, 1001)[0] == 10000
    assert library.c.Init(library.c.NewSdk(), b"", b"x") == 10000
    monkeypatch.setenv("WEWORK_SANDBOX", "http://127.0.0.1:9")
    nowhere = library.c.NewSdk()
    assert library.c.Init(nowhere, b"ww", b"x") == 0
    assert Library(library.c, nowhere).records(0)[0] == 10001


def test_more_than_600_a_minute_is_too_many(caller, library):
    caller.company.quotas.spend_for("archive", "GetChatData", ())
    from wecom_sandbox.control import archive as control

    for _ in range(600):
        caller.company.quotas.spend_for("archive", "GetChatData", control.A_MINUTE)
    assert library.records(0)[1]["errcode"] == 45009


def test_news_of_the_archive_is_told_at_most_every_15_seconds(caller):
    staff = licensed(caller)
    caller.control("clock", {"stop": True})
    customer = contacts(caller, staff)[0]

    def told() -> int:
        return sum(1 for event in caller.control("events?last=1000")["events"] if event["event"] == "msgaudit_notify")

    for _ in range(5):
        caller.people("speak", by=customer, to=staff, text="在吗")
    assert told() == 1
    caller.control("clock", {"advance": 14})
    assert told() == 1
    caller.control("clock", {"advance": 2})
    assert told() == 2
    caller.control("clock", {"advance": 60})
    assert told() == 2


def test_what_is_asked_over_http(caller):
    archive = Caller(caller.base_url, caller.company, Kind.ARCHIVE)
    staff, other = (one.userid for one in caller.company.directory.with_contact()[:2])
    caller.control("archive/licences", {"userids": [staff], "edition": 2})
    caller.control("archive/licences", {"userids": [other], "edition": 1})
    assert set(archive.post("msgaudit/get_permit_user_list")["ids"]) >= {staff, other}
    assert archive.post("msgaudit/get_permit_user_list", {"type": 2})["ids"] == [staff]
    customer = contacts(caller, staff)[0]
    caller.people("answer_archiving", external_userid=customer, userid=staff, status="Disagree")
    told = archive.post("msgaudit/check_single_agree", {"info": [{"userid": staff, "exteranalopenid": customer}]})["agreeinfo"][
        0
    ]
    assert (told["exteranalopenid"], told["agree_status"]) == (customer, "Disagree")
    assert told["status_change_time"] > 1_600_000_000
    chat_id = caller.control("groups")["groups"][0]["chat_id"]
    room = archive.post("msgaudit/check_room_agree", {"roomid": chat_id})["agreeinfo"]
    assert {one["agree_status"] for one in room} <= {"Agree", "Disagree", "Default_Agree"}
    assert len(room) > 0
    assert archive.post("msgaudit/groupchat/get", {"roomid": chat_id})["errcode"] == 86003
    caller.control("archive/rooms", {"roomid": "wrInside", "roomname": "内部", "creator": staff, "members": []})
    assert archive.post("msgaudit/groupchat/get", {"roomid": "wrInside"})["roomname"] == "内部"
    caller.control("archive/robots", {"robot_id": "wbOne", "name": "小助手", "creator_userid": staff})
    assert archive.get("msgaudit/get_robot_info", robot_id="wbOne")["data"]["name"] == "小助手"
    assert caller.post("msgaudit/get_permit_user_list")["errcode"] == 48002
