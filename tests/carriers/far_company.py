"""A small company on WeCom's side of the line, answering the calls of the sync: pages, cursors, refusals, troubles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

BEGAN = 1_760_000_000
PAGE = 7


@dataclass
class FarCompany:
    staff: dict[str, str] = field(default_factory=dict)
    serving: list[str] = field(default_factory=list)
    customers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By colleague: entries of batch/get_by_user."""
    chats: dict[str, dict[str, Any]] = field(default_factory=dict)
    refusals: dict[tuple[str, str], int] = field(default_factory=dict)
    """By call and what it is about ("" for all): the number it is refused with."""
    calls: Counter[str] = field(default_factory=Counter)
    before: Callable[[str], None] | None = None
    """Called before each answer: raises what the line shall do."""

    def populate(self, groups: int, members: int) -> None:
        self.staff = {"lin": "林", "mo": "莫", "hua": "华"}
        self.serving = ["lin", "mo"]
        self.customers = {"lin": [self.customer(n, "lin") for n in range(10)], "mo": [self.customer(n, "mo") for n in range(3)]}
        for n in range(groups):
            self.add_chat(f"wr{n:04d}", [(n * 5 + k) % (groups * 3) for k in range(members)], owner=("lin", "mo")[n % 2])

    def customer(self, number: int, userid: str, **changes: Any) -> dict[str, Any]:
        follow = {
            "userid": userid,
            "remark": f"备注{number}",
            "createtime": BEGAN + number,
            "tag_id": ["et1"],
            "add_way": 1,
            "state": "poster-3",
        }
        external = {"external_userid": f"wm{number:04d}", "name": f"邻居{number}", "type": 1}
        return {"external_contact": external, "follow_info": follow | changes}

    def add_chat(self, chat_id: str, members: list[int], *, owner: str, **changes: Any) -> None:
        people = [self.member(number, chat_id) for number in members]
        house = {"userid": owner, "type": 1, "join_time": BEGAN, "join_scene": 1, "name": self.staff.get(owner, "")}
        self.chats[chat_id] = {
            "chat_id": chat_id,
            "name": f"番茄{chat_id}群",
            "owner": owner,
            "create_time": BEGAN,
            "member_list": [house, *people],
            "member_version": "a" * 32,
            **changes,
        }

    def member(self, number: int, chat_id: str = "", **changes: Any) -> dict[str, Any]:
        return {
            "userid": f"wm{number:04d}",
            "type": 2,
            "join_time": BEGAN + 60 + number,
            "join_scene": 3,
            "state": "poster-3",
            "invitor": {"userid": "lin"},
            "group_nickname": f"群里{number}" if number % 2 else "",
            "name": f"邻居{number}" if number % 5 else "",
            **changes,
        }

    def line(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        call = request.url.path.removeprefix("/cgi-bin/")
        body = json.loads(request.content or b"{}")
        self.calls[call] += 1
        if self.before:
            self.before(call)
        about = body.get("chat_id") or request.url.params.get("userid") or next(iter(body.get("userid_list", [])), "")
        code = self.refusals.get((call, about)) or self.refusals.get((call, ""))
        if code:
            return httpx.Response(200, json={"errcode": code, "errmsg": f"no, hint: [1_2_3], from ip: 203.0.113.9 {code}"})
        answers = {
            "gettoken": lambda: {"access_token": "far-token", "expires_in": 7200},
            "department/list": lambda: {
                "department": [{"id": 1, "name": "总部", "parentid": 0}, {"id": 2, "name": "华东", "parentid": 1}]
            },
            "user/simplelist": lambda: {
                "userlist": [{"userid": who, "name": name, "department": [2]} for who, name in self.staff.items()]
            },
            "externalcontact/get_follow_user_list": lambda: {"follow_user": self.serving},
            "externalcontact/get_corp_tag_list": lambda: {"tag_group": [{"tag": [{"id": "et1", "name": "老友"}]}]},
            "externalcontact/list": lambda: self._ids(request.url.params["userid"]),
            "externalcontact/batch/get_by_user": lambda: self._customers(body),
            "externalcontact/groupchat/list": lambda: self._list(body),
            "externalcontact/groupchat/get": lambda: self._chat(body),
        }
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok", **answers[call]()})

    def _ids(self, userid: str) -> dict[str, Any]:
        known = self.customers.get(userid, [])
        if not known:
            return {"errcode": 84061, "errmsg": "not external contact"}
        return {"external_userid": [each["external_contact"]["external_userid"] for each in known]}

    def _customers(self, body: dict[str, Any]) -> dict[str, Any]:
        (userid,) = body["userid_list"]
        return self._paged(self.customers[userid], body.get("cursor", ""), "external_contact_list")

    def _list(self, body: dict[str, Any]) -> dict[str, Any]:
        owners = body.get("owner_filter", {}).get("userid_list")
        if owners is None and self.refusals.get(("owners", "")):
            return {"errcode": 81017, "errmsg": "too many"}
        listed = [
            {"chat_id": each, "status": 0} for each in sorted(self.chats) if not owners or self.chats[each]["owner"] in owners
        ]
        return self._paged(listed, body.get("cursor", ""), "group_chat_list")

    def _chat(self, body: dict[str, Any]) -> dict[str, Any]:
        chat = self.chats.get(body["chat_id"])
        return {"group_chat": chat} if chat else {"errcode": 90501, "errmsg": "not a customer group"}

    def _paged(self, rows: list[dict[str, Any]], cursor: str, name: str) -> dict[str, Any]:
        start = int(cursor or 0)
        end = start + PAGE
        return {name: rows[start:end], "next_cursor": str(end) if end < len(rows) else ""}


def at(number: int) -> datetime:
    return datetime.fromtimestamp(BEGAN + number, UTC)
