"""WeCom's numbers for how somebody came, in the house's words. Numbers nobody has heard of are kept as they are."""

from __future__ import annotations

from datetime import UTC, datetime

JOIN_SCENES = {0: "", 1: "invited", 2: "link", 3: "code"}
"""Of a group's list of members; events have other numbers."""

ADD_WAYS = {
    0: "",
    1: "code",
    2: "phone",
    3: "card",
    4: "group",
    5: "phone_book",
    6: "wechat",
    7: "request",
    8: "third_party",
    9: "email",
    10: "channels",
    201: "shared",
    202: "assigned",
}


def way_of(scene: int) -> str:
    return JOIN_SCENES.get(scene, str(scene))


def added_by(way: int) -> str:
    return ADD_WAYS.get(way, str(way))


def moment(seconds: int) -> datetime | None:
    """None for 0 (absent) and for what no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, OSError, ValueError):
        return None
