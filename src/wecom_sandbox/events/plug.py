"""Events go out from the company's first moment on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wecom_sandbox.events.addresses import listen_at
from wecom_sandbox.events.mail import Mail

if TYPE_CHECKING:
    from wecom_sandbox.company import Company


def plug(company: Company) -> None:
    company.news.on_event(company.part(Mail).post)
    if company.callback_url:
        listen_at(company, company.callback_url)
