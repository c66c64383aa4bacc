"""Sheet 14: customers handed over on the job and after resignation."""

from __future__ import annotations

from itertools import islice
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.directory import LEFT
from wecom_sandbox.errors import Refusal
from wecom_sandbox.handovers import Handover, Orphan
from wecom_sandbox.request import Request

from .customers import CC, follower
from .registry import call

TRANSFERS_A_PAGE = 1000


@call("POST", f"{CC}/transfer_customer")
def transfer_customer(company: Company, request: Request) -> Answer:
    giver = follower(company, request.app, request.text("handover_userid", missing=41009)).userid
    message = request.text_or("transfer_success_msg", most=200)
    return {"customer": _begun(company, request, giver, resigned=False, message=message)}


@call("POST", f"{CC}/resigned/transfer_customer")
def resigned_transfer_customer(company: Company, request: Request) -> Answer:
    giver = _who_left(company, request.text("handover_userid", missing=41009))
    return {"customer": _begun(company, request, giver, resigned=True)}


def _who_left(company: Company, userid: str) -> str:
    found = company.directory.find(userid)
    if found is None:
        raise Refusal(40003)
    if found.status != LEFT:
        raise Refusal(40097)
    return found.userid


def _begun(company: Company, request: Request, giver: str, *, resigned: bool, message: str = "") -> list[dict[str, Any]]:
    customers = request.texts("external_userid", most=100, missing=41035)
    taker = follower(company, request.app, request.text("takeover_userid", missing=41009))
    if taker.userid == giver:
        raise Refusal(40130)
    if not taker.works:
        raise Refusal(41054)
    if not taker.real_named:
        raise Refusal(40098)
    told: list[dict[str, Any]] = []
    for external_userid in customers:
        try:
            company.handovers.begin(giver, taker.userid, external_userid, resigned=resigned, message=message)
            told.append({"external_userid": external_userid, "errcode": 0})
        except Refusal as refusal:
            told.append({"external_userid": external_userid, "errcode": refusal.errcode})
    return told


@call("POST", f"{CC}/transfer_result")
def transfer_result(company: Company, request: Request) -> Answer:
    return _results(company, request, resigned=False)


@call("POST", f"{CC}/resigned/transfer_result")
def resigned_transfer_result(company: Company, request: Request) -> Answer:
    return _results(company, request, resigned=True)


def _results(company: Company, request: Request, *, resigned: bool) -> Answer:
    giver = _ever(company, request.text("handover_userid", missing=41009))
    taker = _ever(company, request.text("takeover_userid", missing=41009))
    told, following = company.cursors.page(
        request.text_or("cursor"),
        TRANSFERS_A_PAGE,
        lambda start: company.handovers.between(giver, taker, resigned=resigned, start=start),
        _tell,
        kind="transfer_result",
        of=[giver, taker, resigned],
    )
    return {"customer": told, "next_cursor": following}


def _ever(company: Company, userid: str) -> str:
    found = company.directory.find(userid)
    if found is None:
        raise Refusal(40003)
    return found.userid


def _tell(handover: Handover) -> dict[str, Any]:
    return {"external_userid": handover.external_userid, "status": handover.status, "takeover_time": handover.taken_at}


@call("POST", f"{CC}/get_unassigned_list")
def get_unassigned_list(company: Company, request: Request) -> Answer:
    """By cursor; by page only where none was given."""
    size = request.number("page_size", 1000, low=1, high=1000)
    page = request.number("page_id", 0, low=0)
    cursor = request.text_or("cursor")
    if page and not cursor:
        return _by_page(company, page, size)
    told, following = company.cursors.page(cursor, size, company.handovers.unassigned, _tell_orphan, kind="unassigned")
    return {"info": told, "is_last": not following, "next_cursor": following}


def _by_page(company: Company, page: int, size: int) -> Answer:
    if page * size >= 50_000:
        raise Refusal(40058)
    rows = list(islice(company.handovers.unassigned(), page * size, page * size + size + 1))
    following = company.cursors.make(rows[size][0], kind="unassigned") if len(rows) > size else ""
    return {"info": [_tell_orphan(orphan) for _, orphan in rows[:size]], "is_last": not following, "next_cursor": following}


def _tell_orphan(orphan: Orphan) -> dict[str, Any]:
    return {
        "handover_userid": orphan.giver,
        "external_userid": orphan.follow.external_userid,
        "dimission_time": orphan.left_at,
    }
