"""Clock, settings, faults, tokens, quotas, addresses: the rules of the place, turned by tests."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import App
from wecom_sandbox.company import Company
from wecom_sandbox.errors import NoSense
from wecom_sandbox.faults import fault_from
from wecom_sandbox.quotas import Limit
from wecom_sandbox.request import Request

from .registry import control, known


@control("GET", "/sandbox/json")
def told(company: Company, request: Request) -> Answer:
    """What the command printed first, and the controls there are."""
    return company.told() | {"controls": known()}


@control("GET", "/sandbox/clock")
def time(company: Company, request: Request) -> Answer:
    return {"now": company.clock.now(), "exact": company.clock.exact(), "stopped": company.clock.stopped}


@control("POST", "/sandbox/clock")
def move(company: Company, request: Request) -> Answer:
    """{"now": seconds} or {"advance": seconds}; {"stop": true} or {"run": true} stops it or lets it run on."""
    wish = request.json
    _only(wish, {"now", "advance", "stop", "run"})
    happened = 0
    if "now" in wish or "advance" in wish:
        happened = company.move_clock(now=_number(wish, "now"), advance=_number(wish, "advance"))
    if wish.get("stop"):
        company.clock.stop()
    if wish.get("run"):
        company.clock.run()
    return {"now": company.clock.now(), "happened": happened, "stopped": company.clock.stopped}


def _only(wish: dict[str, Any], known_names: set[str]) -> None:
    unknown = wish.keys() - known_names
    if unknown:
        raise NoSense(f"nobody knows {', '.join(sorted(unknown))}; known are: {', '.join(sorted(known_names))}")


def _number(wish: dict[str, Any], name: str) -> float | None:
    value = wish.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise NoSense(f"{name} is a number of seconds, not {value!r}")
    return value


@control("GET", "/sandbox/settings")
def settings(company: Company, request: Request) -> Answer:
    return asdict(company.settings)


@control("POST", "/sandbox/settings")
def change_settings(company: Company, request: Request) -> Answer:
    company.settings.change(request.json)
    return asdict(company.settings)


# Faults.


@control("GET", "/sandbox/faults")
def faults(company: Company, request: Request) -> Answer:
    return {"faults": [fault.told() for fault in company.faults.planned]}


@control("POST", "/sandbox/faults")
def plan_fault(company: Company, request: Request) -> Answer:
    return company.faults.plan(fault_from(request.json)).told()


@control("DELETE", "/sandbox/faults")
def clear_faults(company: Company, request: Request) -> Answer:
    return {"cleared": company.faults.clear()}


@control("DELETE", "/sandbox/faults/*")
def clear_fault(company: Company, request: Request) -> Answer:
    if not request.rest.isdigit():
        raise NoSense(f"faults have numbers, not {request.rest!r}")
    return {"cleared": company.faults.clear(int(request.rest))}


# Tokens, cursors, quotas, addresses.


def _apps(company: Company, wish: dict[str, Any]) -> list[App]:
    """All, or the one with this agentid or secret."""
    agentid, secret = wish.get("agentid"), wish.get("secret")
    found = [app for app in company.apps if agentid in {None, app.agentid} and secret in {None, app.secret}]
    if not found:
        raise NoSense("no app has this agentid or secret")
    return found


@control("POST", "/sandbox/tokens")
def spoil_tokens(company: Company, request: Request) -> Answer:
    """{"do": "expire" (42001), "forget" (40014) or "reject" (40001)}, of all apps or the one with "agentid" or "secret"."""
    _only(request.json, {"do", "agentid", "secret"})
    return {"spoilt": company.tokens.spoil(str(request.json.get("do")), _apps(company, request.json))}


@control("POST", "/sandbox/cursors")
def forget_cursors(company: Company, request: Request) -> Answer:
    """All that were given out are answered with 50100."""
    company.cursors.forget()
    return None


@control("POST", "/sandbox/quotas")
def quotas(company: Company, request: Request) -> Answer:
    """{"enabled": bool, "path": [[calls, seconds], ...], "address": [...], "own": {path: [...]}, "forget": true}"""
    wish = request.json
    _only(wish, {"enabled", "path", "address", "own", "forget"})
    if "enabled" in wish:
        company.quotas.enabled = bool(wish["enabled"])
    if "path" in wish:
        company.quotas.path_limits = _limits(wish["path"])
    if "address" in wish:
        company.quotas.address_limits = _limits(wish["address"])
    for path, limits in wish.get("own", {}).items():
        company.quotas.own_limits[path] = _limits(limits)
    if wish.get("forget"):
        company.quotas.forget()
    return {"enabled": company.quotas.enabled, "refused": company.quotas.refused}


def _limits(value: Any) -> tuple[Limit, ...]:
    if isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, int) for one in pair) for pair in value
    ):
        return tuple(Limit(most, window) for most, window in value)
    raise NoSense(f"limits are a list of [calls, seconds], not {value!r}")


@control("POST", "/sandbox/ips")
def allow_ips(company: Company, request: Request) -> Answer:
    """{"allow": ["203.0.113.9"]} or {"allow": null} (not checked), of all apps or that with "agentid" or "secret"."""
    _only(request.json, {"allow", "agentid", "secret"})
    allow = request.json.get("allow")
    if allow is not None and not isinstance(allow, list):
        raise NoSense("allow is a list of addresses, or null")
    for app in _apps(company, request.json):
        app.allowed_ips = None if allow is None else set(allow)
    return {"allow": allow}


@control("POST", "/sandbox/apps")
def change_app(company: Company, request: Request) -> Answer:
    """{"agentid": or "secret":, "may_contact": bool, "enabled": bool, "visible_to": [userid] or null, "new_secret": text}"""
    wish = request.json
    _only(wish, {"agentid", "secret", "may_contact", "enabled", "visible_to", "new_secret"})
    for app in _apps(company, {name: wish.get(name) for name in ("agentid", "secret")}):
        app.may_contact = bool(wish.get("may_contact", app.may_contact))
        app.enabled = bool(wish.get("enabled", app.enabled))
        if "visible_to" in wish:
            app.visible_to = None if wish["visible_to"] is None else set(wish["visible_to"])
        if "new_secret" in wish:
            company.tokens.spoil("forget", [app])
            app.secret = str(wish["new_secret"])
    return company.told()
