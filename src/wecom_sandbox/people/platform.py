"""What the platform itself does: long jobs that end, customers who write to the service account, tags of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wecom_sandbox.errors import NoSense
from wecom_sandbox.events.builders import batch_job_done, customer_service_news

from . import finding
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company


@deed("finish_job")
def finish_job(company: Company, *, job_id: str, job_type: str = "export_user", errcode: int = 0) -> dict[str, Any]:
    errmsg = "ok" if errcode == 0 else "failed"
    company.news.happened(batch_job_done(company.clock.now(), job_id, job_type, errcode=errcode, errmsg=errmsg))
    return {"job_id": job_id}


@deed("write_to_service")
def write_to_service(company: Company, *, open_kfid: str) -> dict[str, Any]:
    """A customer writes to a service account: apps are told to fetch it."""
    token = company.new_id("kf", 40)
    company.news.happened(customer_service_news(company.clock.now(), token, open_kfid))
    return {"token": token}


@deed("tag_colleagues")
def tag_colleagues(
    company: Company, *, tagid: int, add: list[str] | None = None, remove: list[str] | None = None
) -> dict[str, Any]:
    """An administrator puts a tag of the directory on colleagues, or takes it off."""
    tag = company.directory.tags.get(tagid)
    if tag is None:
        raise NoSense(f"the directory has no tag {tagid}")
    added = [finding.colleague(company, userid).userid for userid in add or ()]
    removed = [finding.colleague(company, userid).userid for userid in remove or ()]
    tag.users = [userid for userid in dict.fromkeys([*tag.users, *added]) if userid not in removed]
    fields: dict[str, Any] = {"TagId": tagid}
    fields |= {"AddUserItems": ",".join(added)} if added else {}
    fields |= {"DelUserItems": ",".join(removed)} if removed else {}
    company.happened("change_contact", "update_tag", fields)
    return {"users": tag.users}
