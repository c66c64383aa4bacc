"""WeCom's sandbox in this process, its line to us in our hands: troubles on demand, and a clock that moves only when told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from wecom_sandbox.clock import Clock
from wecom_sandbox.company import Company, Plan
from wecom_sandbox.front import Front

DOING = {
    "externalcontact/add_msg_template",
    "externalcontact/send_welcome_msg",
    "externalcontact/mark_tag",
    "externalcontact/groupchat/onjob_transfer",
    "externalcontact/groupchat/transfer",
    "externalcontact/transfer_customer",
    "externalcontact/resigned/transfer_customer",
    "externalcontact/groupchat/add_join_way",
    "externalcontact/groupchat/update_join_way",
    "externalcontact/groupchat/del_join_way",
    "externalcontact/add_contact_way",
    "externalcontact/update_contact_way",
    "externalcontact/del_contact_way",
    "externalcontact/add_moment_task",
    "externalcontact/group_welcome_template/add",
    "message/send",
    "message/update_template_card",
}
"""Calls that change what people see. Troubles of sending strike these and let the questions before them pass."""


@dataclass
class Deed:
    """Something that was really done over there."""

    path: str
    body: dict[str, Any]
    answer: dict[str, Any]


@dataclass
class Strike:
    kind: str
    times: int
    seconds: float = 0


@dataclass
class Line(httpx.BaseTransport):
    """Every request goes through here to the sandbox, in this process."""

    company: Company
    front: Front
    sleep: Callable[[float], None]
    deeds: list[Deed] = field(default_factory=list)
    strikes: list[Strike] = field(default_factory=list)
    """For calls that do something."""
    mute: Strike | None = None
    """For all calls, while it stands."""
    halfway: int | None = None
    """So many more calls that do something come through, then the line is dead for good."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._inner = httpx.WSGITransport(self.front, raise_app_exceptions=True)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            path = request.url.path.removeprefix("/cgi-bin/")
            if self.mute is not None:
                return self._struck(self.mute, request, path)
            if path in DOING:
                if self.halfway is not None:
                    return self._nearly_dead(request, path)
                if self.strikes:
                    return self._struck(self._next(), request, path)
            return self._through(request, path)

    def _next(self) -> Strike:
        strike = self.strikes[0]
        strike.times -= 1
        if not strike.times:
            self.strikes.pop(0)
        return strike

    def _nearly_dead(self, request: httpx.Request, path: str) -> httpx.Response:
        if self.halfway == 0:
            raise httpx.ConnectError("the line is dead", request=request)
        assert self.halfway is not None
        self.halfway -= 1
        answer = self._through(request, path)
        if self.halfway == 0:
            raise httpx.ReadError("the line broke", request=request)
        return answer

    def _struck(self, strike: Strike, request: httpx.Request, path: str) -> httpx.Response:
        match strike.kind:
            case "forbidden":
                return _refusal(90501)
            case "strange":
                return _refusal(987654)
            case "too_fast":
                return _refusal(45009)
            case "outage":
                raise httpx.ConnectError("nobody there", request=request)
            case "cut_before":
                raise httpx.ReadError("the line broke", request=request)
            case "cut_after":
                self._through(request, path)
                raise httpx.ReadError("the line broke", request=request)
            case "slow":
                return self._slow(strike.seconds, request, path)
        raise AssertionError(f"no trouble of this kind: {strike.kind}")

    def _slow(self, seconds: float, request: httpx.Request, path: str) -> httpx.Response:
        patience = float(request.extensions["timeout"]["read"])
        self.sleep(min(seconds, patience))
        if seconds > patience:
            raise httpx.ReadTimeout("too slow", request=request)
        return self._through(request, path)

    def _through(self, request: httpx.Request, path: str) -> httpx.Response:
        answer = self._inner.handle_request(request)
        answer.read()
        if path in DOING and (told := answer.json())["errcode"] == 0:
            self.deeds.append(Deed(path, json.loads(request.content), told))
        return answer


def _refusal(code: int) -> httpx.Response:
    return httpx.Response(200, json={"errcode": code, "errmsg": f"no, hint: [1_2_3], from ip: 203.0.113.9, e={code}"})


def far_side(now: Callable[[], float], sleep: Callable[[float], None], plan: Plan) -> Line:
    clock = Clock(real=now)
    company = Company(plan, clock=clock)
    front = Front(company, sleep=sleep)
    company.quotas.enabled = False
    return Line(company, front, sleep)
