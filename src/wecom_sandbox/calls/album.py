"""Sheet 18.1: the product album."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.media_shelf import MediaShelf
from wecom_sandbox.request import BAD, Request

from .customers import CC
from .registry import call

DESCRIPTION_CHARS = 300
HIGHEST_PRICE = 5_000_000
NUMBER_CHARS = 128
MOST_PICTURES = 9
FOR_ALBUM = 2


@dataclass
class Album:
    company: Company
    products: dict[str, dict[str, Any]] = field(default_factory=dict)


@call("POST", f"{CC}/add_product_album")
def add(company: Company, request: Request) -> Answer:
    description = _description(request, missing=41073)
    attachments = _attachments(company, request)
    if not attachments:
        raise Refusal(41088)
    product: dict[str, Any] = {
        "product_id": company.new_id("prod"),
        "description": description,
        "price": _price(request),
        "create_time": company.clock.now(),
        "product_sn": _number(request),
        "attachments": attachments,
    }
    company.part(Album).products[product["product_id"]] = product
    return {"product_id": product["product_id"]}


def _description(request: Request, *, missing: int) -> str:
    return request.text("description", missing=missing, wrong=41087, most=DESCRIPTION_CHARS)


def _price(request: Request) -> int:
    return request.number("price", low=1, high=HIGHEST_PRICE, wrong=41086)


def _number(request: Request) -> str:
    number = request.text_or("product_sn", most=NUMBER_CHARS, wrong=41085)
    if number and not (number.isascii() and number.isalnum()):
        raise Refusal(41085)
    return number


def _attachments(company: Company, request: Request) -> list[dict[str, Any]]:
    """Here it is `type`, not `msgtype`."""
    given = request.fields.get("attachments") or []
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise Refusal(BAD)
    if len(given) > MOST_PICTURES:
        raise Refusal(41064)
    return [_picture(company, one) for one in given]


def _picture(company: Company, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or entry.get("type") != "image" or not isinstance(entry.get("image"), dict):
        raise Refusal(41065)
    media = company.part(MediaShelf).get(str(entry["image"].get("media_id", "")))
    if media.purpose not in (0, FOR_ALBUM):
        raise Refusal(41072)
    return {"type": "image", "image": {"media_id": media.media_id}}


def _product(company: Company, request: Request) -> dict[str, Any]:
    found = company.part(Album).products.get(request.text("product_id", missing=41075, wrong=41075))
    if found is None:
        raise Refusal(41075)
    if found.get("deleted"):
        raise Refusal(41074)
    return found


@call("POST", f"{CC}/get_product_album")
def get(company: Company, request: Request) -> Answer:
    return {"product": _product(company, request)}


@call("POST", f"{CC}/get_product_album_list")
def get_list(company: Company, request: Request) -> Answer:
    rows = [(at, one) for at, one in enumerate(company.part(Album).products.values()) if not one.get("deleted")]
    told, following = company.cursors.page(
        request.text_or("cursor"),
        request.number("limit", 50, low=1, high=100),
        lambda start: (row for row in rows if row[0] >= start),
        _told,
        kind="album",
    )
    return {"product_list": told, "next_cursor": following}


def _told(product: dict[str, Any]) -> dict[str, Any]:
    return dict(product)


@call("POST", f"{CC}/update_product_album")
def update(company: Company, request: Request) -> Answer:
    """Only what is sent changes, and nothing if anything is refused."""
    product = _product(company, request)
    sent = request.fields
    changed: dict[str, Any] = {}
    if sent.get("description") is not None:
        changed["description"] = _description(request, missing=41073)
    if sent.get("price") is not None:
        changed["price"] = _price(request)
    if sent.get("product_sn") is not None:
        changed["product_sn"] = _number(request)
    if sent.get("attachments") is not None:
        changed["attachments"] = _attachments(company, request)
    product.update(changed)
    return None


@call("POST", f"{CC}/delete_product_album")
def delete(company: Company, request: Request) -> Answer:
    _product(company, request)["deleted"] = True
    return None
