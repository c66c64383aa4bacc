"""Sheet 16: moments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import App
from wecom_sandbox.attachments import attachments_of
from wecom_sandbox.company import Company
from wecom_sandbox.directory import Staff
from wecom_sandbox.errors import Refusal
from wecom_sandbox.moments import Moment, Moments, Task
from wecom_sandbox.quotas import DAY, MINUTE, Limit
from wecom_sandbox.request import BAD, Request, texts_in

from .customers import CC
from .registry import call

TEXT_CHARS = 2000
MONTH = 30 * DAY
KINDS = ("image", "video", "link")
FOR_MOMENTS = 1


@call("POST", f"{CC}/add_moment_task", limits=(Limit(10, MINUTE),))
def add(company: Company, request: Request) -> Answer:
    text = _text(request)
    attachments = _attachments(company, request)
    if not text and not attachments:
        raise Refusal(41089)
    seen = request.object("visible_range")
    senders, bad_senders = _senders(company, request.app, seen.get("sender_list"))
    tags, bad_tags = _tags(company, seen.get("external_contact_list"))
    moment = company.part(Moments).add(
        text=text,
        attachments=attachments,
        to={one.userid: _customers(company, one, tags) for one in senders},
        invalid_senders=bad_senders,
        invalid_tags=bad_tags,
        to_everybody=not seen,
    )
    return {"jobid": moment.jobid}


def _text(request: Request) -> str:
    text = request.object("text").get("content", "")
    if not isinstance(text, str):
        raise Refusal(BAD)
    if len(text) > TEXT_CHARS:
        raise Refusal(45002)
    return text


def _attachments(company: Company, request: Request) -> list[dict[str, Any]]:
    """Pictures, or one video, or one link."""
    found = attachments_of(company, _with_media_links(request), kinds=KINDS, purpose=FOR_MOMENTS)
    kinds = {one["msgtype"] for one in found}
    if len(kinds) > 1 or (kinds and kinds != {"image"} and len(found) > 1):
        raise Refusal(41065)
    return found


def _with_media_links(request: Request) -> dict[str, Any]:
    """A moment's link may go without a title."""
    given = request.fields.get("attachments")
    if not isinstance(given, Sequence):
        return dict(request.fields)
    entries = [dict(one) if isinstance(one, dict) else one for one in given]
    for one in entries:
        if isinstance(one, dict) and one.get("msgtype") == "link" and isinstance(one.get("link"), dict):
            link = one["link"]
            if len(link.get("title", "").encode()) > 64:
                raise Refusal(45002)
            one["link"] = {**link, "title": link.get("title") or link.get("url", "")}
    return {**request.fields, "attachments": entries}


def _senders(company: Company, app: App, given: Any) -> tuple[list[Staff], dict[str, list[Any]]]:
    """Who is to publish; and what of the lists is unknown."""
    everybody = [one for one in company.directory.with_contact() if app.sees(one.userid)]
    if not given:
        return everybody, {"user_list": [], "department_list": []}
    users = texts_in(given, "user_list")
    departments = given.get("department_list") or []
    if not isinstance(departments, list) or not all(isinstance(one, int) for one in departments):
        raise Refusal(40066)
    of_id = {one.userid: one for one in everybody}
    bad = {
        "user_list": [one for one in users if one not in of_id],
        "department_list": [one for one in departments if one not in company.directory.departments],
    }
    inside = {one.userid for one in company.directory.in_departments(departments)}
    return [one for userid, one in of_id.items() if userid in users or userid in inside], bad


def _tags(company: Company, given: Any) -> tuple[set[str], list[str]]:
    asked = texts_in(given, "tag_list") if isinstance(given, dict) else []
    known = {tag.id for group in company.tags.living() for tag in group.living()}
    return known & set(asked), [one for one in asked if one not in known]


def _customers(company: Company, staff: Staff, tags: set[str]) -> list[str]:
    """All of them, or those with one of the tags."""
    follows = (follow for _, follow in company.customers.of_staff(staff.userid))
    return [one.external_userid for one in follows if not tags or tags & set(one.tags)]


@call("GET", f"{CC}/get_moment_task_result")
def get_job(company: Company, request: Request) -> Answer:
    moments = company.part(Moments)
    moment = moments.of_job(request.text("jobid"))
    told: dict[str, Any] = {"status": 3 if moments.is_ready(moment) else 2, "type": "add_moment_task"}
    if told["status"] != 3:
        return told
    good = bool(moment.tasks)
    result: dict[str, Any] = {"errcode": 0 if good else 81013, "errmsg": "ok" if good else "user & party & tag all invalid"}
    result |= {"moment_id": moment.moment_id} if good else {}
    result |= {
        "invalid_sender_list": moment.invalid_senders,
        "invalid_external_contact_list": {"tag_list": moment.invalid_tags},
    }
    return told | {"result": result}


def _moment(company: Company, request: Request) -> Moment:
    return company.part(Moments).get(request.text("moment_id", missing=41059))


@call("POST", f"{CC}/cancel_moment_task")
def cancel(company: Company, request: Request) -> Answer:
    _moment(company, request).cancelled = True
    return None


@call("POST", f"{CC}/get_moment_list")
def get_list(company: Company, request: Request) -> Answer:
    start, end = request.number("start_time"), request.number("end_time")
    if not 0 <= end - start <= MONTH:
        raise Refusal(BAD)
    none = request.number("filter_type", 2, low=0, high=2) == 1 or bool(request.text_or("creator"))
    fitting = [] if none else [one for one in company.part(Moments).ready() if start <= one.created_at <= end]
    told, following = _page(company, request, [_told(one) for one in fitting], most=20, of=[start, end])
    return {"moment_list": told, "next_cursor": following}


def _told(moment: Moment) -> dict[str, Any]:
    told: dict[str, Any] = {
        "moment_id": moment.moment_id,
        "create_time": moment.created_at,
        "create_type": 0,
        "visible_type": 1 if moment.to_everybody else 0,
    }
    if moment.text:
        told["text"] = {"content": moment.text}
    pictures = [one["image"] for one in moment.attachments if one["msgtype"] == "image"]
    if pictures:
        told["image"] = pictures
    return told | {one["msgtype"]: one[one["msgtype"]] for one in moment.attachments if one["msgtype"] != "image"}


@call("POST", f"{CC}/get_moment_task")
def get_tasks(company: Company, request: Request) -> Answer:
    moment = _moment(company, request)
    rows = [{"userid": one.userid, "publish_status": int(bool(one.published_at))} for one in moment.tasks.values()]
    told, following = _page(company, request, rows, most=1000, of=["tasks", moment.moment_id])
    return {"task_list": told, "next_cursor": following}


def _task(moment: Moment, request: Request) -> Task:
    found = moment.tasks.get(request.text("userid", missing=41009))
    if found is None:
        raise Refusal(40003)
    return found


@call("POST", f"{CC}/get_moment_customer_list")
def get_customers(company: Company, request: Request) -> Answer:
    """Who is meant to see it."""
    moment = _moment(company, request)
    task = _task(moment, request)
    rows = [{"userid": task.userid, "external_userid": one} for one in task.customers]
    told, following = _page(company, request, rows, most=1000, of=["customers", moment.moment_id, task.userid])
    return {"customer_list": told, "next_cursor": following}


@call("POST", f"{CC}/get_moment_send_result")
def get_send_result(company: Company, request: Request) -> Answer:
    """Who can see it: nobody before it was published."""
    moment = _moment(company, request)
    task = _task(moment, request)
    if not task.published_at:
        raise Refusal(41062)
    rows = [{"external_userid": one} for one in task.customers]
    told, following = _page(company, request, rows, most=5000, of=["results", moment.moment_id, task.userid])
    return {"customer_list": told, "next_cursor": following}


@call("POST", f"{CC}/get_moment_comments")
def get_comments(company: Company, request: Request) -> Answer:
    moment = _moment(company, request)
    task = _task(moment, request)
    if not task.published_at:
        raise Refusal(41062)
    return {
        "comment_list": moment.about(task.userid, moment.comments),
        "like_list": moment.about(task.userid, moment.likes),
    }


def _page(
    company: Company, request: Request, rows: list[dict[str, Any]], *, most: int, of: object
) -> tuple[list[dict[str, Any]], str]:
    limit = request.number("limit", most, low=1, high=most)
    cursor = request.text_or("cursor")
    return company.cursors.page(cursor, limit, lambda start: enumerate(rows[start:], start), dict, kind="moments", of=of)
