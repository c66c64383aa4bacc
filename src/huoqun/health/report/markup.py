"""Building HTML so that text from outside cannot become markup: whatever is not `Html` is escaped."""

from __future__ import annotations

from html import escape

VOID = frozenset({"meta", "br", "col"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def el(tag: str, *children: object, **attributes: object) -> Html:
    """An element. `None` children and attributes are left out; `class_` and `data_label` become class and data-label."""
    opening = f"<{tag}{_attributes(attributes)}>"
    return Html(opening) if tag in VOID else Html(f"{opening}{joined(*children)}</{tag}>")


def joined(*children: object) -> Html:
    return Html("".join(_text(child) for child in children if child is not None))


def _text(child: object) -> str:
    return child if isinstance(child, Html) else escape(str(child))


def _attributes(attributes: dict[str, object]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
