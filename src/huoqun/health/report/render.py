"""The report as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from .figures import whole
from .groups import all_groups, falling
from .html import Html, el, joined
from .portfolio import beside, headline, states
from .result import Audit, audit_of
from .words import Voice

# Nothing but the page's own style may be loaded, whatever a group calls itself.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(result: Mapping[str, Any], *, language: str) -> str:
    """The object `huoqun audit --json` prints as a page in Chinese ("zh-hans") or English ("en").

    Every group may carry `daily`, messages a day with the audit's day last, for its sparkline, and `reasons`: `told.told` adds
    both. Figures that are not given are not shown. Raises ValueError naming the field that is missing or wrong.
    """
    audit, say = audit_of(result), Voice(language)
    title = " ".join(str(part) for part in (say("title"), audit.as_of) if part)
    body = el("main", _header(audit, say), states(audit, say), falling(audit, say), beside(audit, say),
              all_groups(audit, say), _counted(audit, say), el("footer", say("made_by")))  # fmt: skip
    tag = "zh-Hans" if language.lower().startswith("zh") else "en"
    return "<!doctype html>\n" + el("html", _head(title), el("body", body), lang=tag) + "\n"


def _head(title: str) -> Html:
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="Content-Security-Policy", content=POLICY),
        el("title", title),
        el("style", Html(files(__package__).joinpath("style.css").read_text(encoding="utf-8"))),
    )


def _header(audit: Audit, say: Voice) -> Html:
    when = f" · {say('as_of', day=audit.as_of)}" if audit.as_of else None
    return el("header", el("p", say("title"), when), headline(audit, say))


def _counted(audit: Audit, say: Voice) -> Html:
    notes = [
        say("count_talk"),
        say("count_day", zone=audit.zone) if audit.zone else None,
        say("count_shares", n=whole(len(audit.talking))),
        *(say(name) for name in ("count_p", "count_since", "count_plan", "count_sources")),
    ]
    return el(
        "section", el("h2", say("counted")), el("ul", joined(*(el("li", note) for note in notes if note)), class_="notes")
    )
