"""Giving the company's app a callback address, as an administrator does in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wecom_sandbox.apps import Kind
from wecom_sandbox.crypto import Lock
from wecom_sandbox.errors import NoSense
from wecom_sandbox.events.mail import Mail
from wecom_sandbox.events.receiver import Receiver
from wecom_sandbox.events.style import Style

if TYPE_CHECKING:
    from wecom_sandbox.company import Company


def receiver_at(
    company: Company,
    url: str,
    *,
    style: Style | None = None,
    agentid: int | None = None,
    token: str = "",
    encoding_aes_key: str = "",
) -> Receiver:
    """The address with the app's (or its own) token and key. Raises NoSense."""
    app = company.agent(agentid) if agentid is not None else company.the_app(Kind.APP)
    lock = Lock(token or company.callback_token, encoding_aes_key or company.encoding_aes_key, company.corpid)
    try:
        return Receiver(url, lock, str(app.agentid), style or Style())
    except ValueError as wrong:
        raise NoSense(str(wrong)) from wrong


def listen_at(company: Company, url: str) -> Receiver:
    """Tell this address of everything from now on, without an echo check first."""
    receiver = receiver_at(company, url)
    company.part(Mail).listen(receiver)
    company.callback_url = url
    return receiver
