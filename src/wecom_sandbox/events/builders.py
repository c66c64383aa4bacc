"""Events no call and nobody's doing brings about here: what the platform tells of apps, money, jobs and the archive."""

from __future__ import annotations

from typing import Any

from wecom_sandbox.events.writing import Message
from wecom_sandbox.news import Event

ARCHIVE_AGENT = 2000004

ACQUISITION = (
    "balance_low",
    "balance_exhausted",
    "link_unavailable",
    "customer_start_chat",
    "delete_link",
    "friend_request",
    "quota_expire_soon",
)

IN_APP = ("subscribe", "unsubscribe", "enter_agent", "click", "view")

_OF_MESSAGE: dict[str, tuple[str, ...]] = {
    "text": ("Content",),
    "image": ("PicUrl", "MediaId"),
    "voice": ("MediaId", "Format"),
    "video": ("MediaId", "ThumbMediaId"),
    "location": ("Location_X", "Location_Y", "Scale", "Label", "AppType"),
    "link": ("Title", "Description", "Url", "PicUrl"),
}


def _one_of(word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        raise ValueError(f"one of {', '.join(known)}, not {word!r}")
    return word


def archive_has_news(at: int) -> Event:
    return Event("msgaudit_notify", at, agentid=ARCHIVE_AGENT)


def archive_agreed(at: int, userid: str, external_userid: str, *, welcome_code: str = "") -> Event:
    """The customer agreed to being archived."""
    fields = {"UserID": userid, "ExternalUserID": external_userid} | ({"WelcomeCode": welcome_code} if welcome_code else {})
    return Event("change_external_contact", at, "msg_audit_approved", fields)


def acquisition(at: int, change: str, **fields: str | int) -> Event:
    return Event("customer_acquisition", at, _one_of(change, ACQUISITION), fields)


def in_app(at: int, userid: str, event: str, *, agentid: int, key: str = "") -> Event:
    return Event(_one_of(event, IN_APP), at, fields={"EventKey": key}, by=userid, agentid=agentid)


def located(at: int, userid: str, *, agentid: int, latitude: float, longitude: float, precision: float) -> Event:
    fields: dict[str, Any] = {"Latitude": latitude, "Longitude": longitude, "Precision": precision}
    return Event("LOCATION", at, fields=fields, by=userid, agentid=agentid)


def batch_job_done(at: int, job_id: str, job_type: str, *, errcode: int = 0, errmsg: str = "ok") -> Event:
    job: dict[str, Any] = {"JobId": job_id, "JobType": job_type, "ErrCode": errcode, "ErrMsg": errmsg}
    fields: dict[str, Any] = {"BatchJob": job}
    return Event("batch_job_result", at, fields=fields)


def customer_service_news(at: int, token: str, open_kfid: str) -> Event:
    return Event("kf_msg_or_event", at, fields={"Token": token, "OpenKfId": open_kfid})


def card_answered(
    at: int,
    userid: str,
    *,
    key: str,
    task_id: str,
    card_type: str,
    response_code: str,
    agentid: int,
    chosen: dict[str, list[str]],
) -> Event:
    """A member of staff tapped a card's button; `chosen` are the ticks of cards which ask questions."""
    fields: dict[str, Any] = {"EventKey": key, "TaskId": task_id, "CardType": card_type, "ResponseCode": response_code}
    if chosen:
        fields["SelectedItems"] = [{"QuestionKey": question, "OptionIds": options} for question, options in chosen.items()]
    return Event("template_card_event", at, fields=fields, by=userid, agentid=agentid)


def message_to_app(at: int, userid: str, kind: str, *, msgid: int, agentid: int, **fields: str | int | float) -> Message:
    """What a member of staff wrote to an app; fields under their own names, the others of the kind empty."""
    body: dict[str, Any] = {name: fields.get(name, "") for name in _OF_MESSAGE[_one_of(kind, tuple(_OF_MESSAGE))]}
    return Message("", at, fields=body | {"MsgId": msgid}, by=userid, agentid=agentid, kind=kind)
