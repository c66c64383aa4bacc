"""A far side that says what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from huoqun.carriers.wecom.client.budget import Budget
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.client.tokens import Refusals
from huoqun.carriers.wecom.models import Corp

SECRET, CONTACT_SECRET = "app-secret-nobody-may-see", "contact-secret-nobody-may-see"
Answer = dict[str, Any] | Exception | httpx.Response


@dataclass
class FastClock:
    time: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def ticks(self) -> float:
        return self.time.timestamp()


@dataclass
class FarSide:
    clock: FastClock = field(default_factory=FastClock)
    answers: list[Answer] = field(default_factory=list)
    """To the calls, in their order; when they are used up, all is well."""
    asked: list[httpx.Request] = field(default_factory=list)
    tokens: int = 0
    token_lasts: int = 7200
    on_token: Callable[[], None] = lambda: None
    budget: Budget = field(default_factory=Budget)
    refusals: Refusals = field(default_factory=Refusals)

    def client(self, corp: Corp | None = None) -> Client:
        return Client(
            corp or company(),
            http=httpx.Client(transport=httpx.MockTransport(self._answer)),
            now=self.clock.now,
            sleep=self.clock.sleep,
            ticks=self.clock.ticks,
            budget=self.budget,
            refusals=self.refusals,
        )

    @property
    def paths(self) -> list[str]:
        return [request.url.path.removeprefix("/cgi-bin/") for request in self.asked]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.asked if request.content]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/gettoken":
            self.tokens += 1
            self.on_token()
            token = {"access_token": f"token-{self.tokens}-nobody-may-see", "expires_in": self.token_lasts}
            return httpx.Response(200, json={"errcode": 0, "errmsg": "ok", **token})
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else {"errcode": 0, "errmsg": "ok"}
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def company(**changes: Any) -> Corp:
    """Not kept in the database."""
    told = {"community": "garden", "corpid": "ww1", "api": "http://wecom.invalid", "agentid": 7, "app_secret": SECRET}
    made_at = datetime(2026, 3, 2, tzinfo=UTC)
    return Corp(**(told | {"contact_secret": CONTACT_SECRET, "made_at": made_at} | changes))


def refusal(code: int, text: str = "no") -> dict[str, Any]:
    more = "hint: [1760000000_7_0a1b2c3d], from ip: 203.0.113.9, more info at https://open.work.weixin.qq.com/devtool/query"
    return {"errcode": code, "errmsg": f"{text}, {more}?e={code}"}
