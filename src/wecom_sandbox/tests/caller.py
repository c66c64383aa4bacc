"""A caller for tests: asks the front directly, without a socket."""

from __future__ import annotations

import json
from typing import Any

from wecom_sandbox.clock import Clock
from wecom_sandbox.company import Company, Plan
from wecom_sandbox.front import Front
from wecom_sandbox.request import Request

NOON = 1_790_049_600
"""12:00 in China."""
CC = "/cgi-bin/externalcontact"


class Caller:
    """Takes a token of the first app by itself; `call` gives the whole answer, `ok` insists on success."""

    def __init__(self, **sizes: int) -> None:
        self.company = Company(Plan(**sizes), clock=Clock(lambda: 0.0, start=NOON))
        self.slept: list[float] = []
        self.front = Front(self.company, sleep=self.slept.append)
        self.secret = self.company.apps[0].secret
        self.ip = "127.0.0.1"
        self.waiting: list[float] = []
        self._token = ""

    def raw(self, method: str, path: str, *, query: dict[str, str] | None = None, body: bytes = b"", **headers: str) -> Any:
        return self.front.answer(Request(method, path, query=query or {}, headers=headers, body=body, ip=self.ip))

    def token(self) -> str:
        asked = {"corpid": self.company.corpid, "corpsecret": self.secret}
        answer = json.loads(self.raw("GET", "/cgi-bin/gettoken", query=asked).body)
        assert answer["errcode"] == 0, answer
        return str(answer["access_token"])

    def call(self, path: str, **fields: Any) -> dict[str, Any]:
        """A POST with these fields as JSON."""
        self._token = self._token or self.token()
        full = path if path.startswith("/") else f"{CC}/{path}"
        body = json.dumps(fields, ensure_ascii=False).encode()
        return dict(json.loads(self.raw("POST", full, query={"access_token": self._token}, body=body).body))

    def get(self, path: str, **query: str) -> dict[str, Any]:
        self._token = self._token or self.token()
        full = path if path.startswith("/") else f"{CC}/{path}"
        return dict(json.loads(self.raw("GET", full, query={"access_token": self._token, **query}).body))

    def ok(self, path: str, **fields: Any) -> dict[str, Any]:
        answer = self.call(path, **fields)
        assert answer["errcode"] == 0, answer
        return answer

    def code(self, path: str, **fields: Any) -> int:
        return int(self.call(path, **fields)["errcode"])

    def as_app(self, number: int) -> Caller:
        """From now on with another app's secret."""
        self.secret, self._token = self.company.apps[number].secret, ""
        return self

    def do(self, deed: str, **arguments: Any) -> dict[str, Any]:
        return self.company.people.do(deed, **arguments)

    def chat_ids(self) -> list[str]:
        return [group["chat_id"] for group in self.ok("groupchat/list", limit=1000)["group_chat_list"]]

    def pages(self, path: str, rows: str, **fields: Any) -> list[Any]:
        """Everything of a list, page by page."""
        found: list[Any] = []
        cursor = ""
        while True:
            answer = self.ok(path, **fields, cursor=cursor)
            found += answer[rows]
            cursor = answer.get("next_cursor", "")
            if not cursor:
                return found
