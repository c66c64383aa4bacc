"""Sheet 12: welcome messages, and welcome material for groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.attachments import KINDS, attachments_of, checked, text_of, words_for
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.request import Request
from wecom_sandbox.welcomes import Welcomes

from .customers import CC
from .registry import call

WELCOME_BYTES = 4000
TEMPLATE_BYTES = 3000
MOST_TEMPLATES = 100


@call("POST", f"{CC}/send_welcome_msg")
def send(company: Company, request: Request) -> Answer:
    code = request.text("welcome_code", missing=41049, wrong=41050)
    text = text_of(request.fields, WELCOME_BYTES)
    attachments = attachments_of(company, request.fields)
    if not text and not attachments:
        raise Refusal(44004)
    waiting = company.codes.look(code)
    follow = company.customers.follow(waiting.userid, waiting.external_userid)
    used = company.codes.use(code, chatted=follow is not None and follow.chatted)
    company.part(Welcomes).note(used, text, company.clock.exact())
    for kind, body in words_for(company, text, attachments):
        company.said(used.userid, (used.external_userid,), kind, body)
    return None


@dataclass
class Template:
    template_id: str
    secret: str
    """Of the app that made it."""
    text: str
    kind: str
    medium: dict[str, Any]
    notified: bool


@dataclass
class Templates:
    company: Company
    of_id: dict[str, Template] = field(default_factory=dict)


@call("POST", f"{CC}/group_welcome_template/add")
def add_template(company: Company, request: Request) -> Answer:
    templates = company.part(Templates).of_id
    if len(templates) >= MOST_TEMPLATES:
        raise Refusal(41055)
    text, kind, medium = _content(company, request)
    made = Template(company.new_id("msgt"), request.app.secret, text, kind, medium, request.flag("notify", True))
    templates[made.template_id] = made
    return {"template_id": made.template_id}


def _content(company: Company, request: Request) -> tuple[str, str, dict[str, Any]]:
    """The text and the one medium: of several, the first in the reference's order wins."""
    text = text_of(request.fields, TEMPLATE_BYTES)
    kind = next((kind for kind in KINDS if request.fields.get(kind) is not None), "")
    if not text and not kind:
        raise Refusal(44004)
    return text, kind, checked(company, kind, request.fields[kind]) if kind else {}


def _template(company: Company, request: Request) -> Template:
    found = company.part(Templates).of_id.get(request.text("template_id", missing=40036, wrong=40036))
    if found is None:
        raise Refusal(40037)
    if found.secret != request.app.secret:
        raise Refusal(41058)
    return found


@call("POST", f"{CC}/group_welcome_template/edit")
def edit_template(company: Company, request: Request) -> Answer:
    template = _template(company, request)
    template.text, template.kind, template.medium = _content(company, request)
    return None


@call("POST", f"{CC}/group_welcome_template/get")
def get_template(company: Company, request: Request) -> Answer:
    template = _template(company, request)
    text = {"text": {"content": template.text}} if template.text else {}
    return text | ({template.kind: template.medium} if template.kind else {})


@call("POST", f"{CC}/group_welcome_template/del")
def delete_template(company: Company, request: Request) -> Answer:
    del company.part(Templates).of_id[_template(company, request).template_id]
    return None
