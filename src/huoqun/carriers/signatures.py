"""What a page needs that is shown inside a carrier's own app and wants to ask it something, such as who is being talked to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signed:
    """Says that a page is ours. Good for one address."""

    timestamp: int
    nonce: str
    signature: str


@dataclass(frozen=True, slots=True)
class PageSignature:
    """`page` in the name of the company, `app` in that of its app."""

    company: str
    app_id: str
    page: Signed
    app: Signed
