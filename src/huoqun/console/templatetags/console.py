"""What pages of every room write with. `{% load console %}`; docs/howto/add-a-page.md shows each in use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from huoqun.console import figures, navigation, permissions, sparkline, states
from huoqun.console.charts import Chart

register = template.Library()


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    """An icon of the sprite. Without words it is decoration and silent; with words it speaks for itself."""
    address = f"{static('vendor/icons.svg')}#{name}"
    if words:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', words, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def state(code: str, words: str) -> SafeString:
    """A state as colour, shape and word."""
    mark = states.mark_of(code)
    shape = mark_safe(states.SHAPES[mark.shape])  # noqa: S308  our own drawings
    return format_html(
        '<span class="state state-{}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</span>', mark.tone, shape, words
    )


@register.filter
def count(number: float | None) -> str:
    return figures.count_words(number)


@register.filter
def percent(fraction: float | None) -> str:
    return figures.percent_words(fraction)


@register.simple_tag
def share(part: int | None, whole: int | None, small: int = 0) -> str:
    """A share with its count; below `small` only the count."""
    return figures.share_words(part, whole, small=small)


@register.simple_tag
def when(moment: datetime | None) -> SafeString | str:
    """How long ago, the exact time in the account's zone on hover and for screen readers."""
    if moment is None:
        return figures.NOTHING
    words, exact = figures.when_words(moment, now=timezone.now()), figures.exact_words(moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, words)


@register.simple_tag
def exact(moment: datetime | None) -> SafeString | str:
    """The exact time in the account's zone."""
    if moment is None:
        return figures.NOTHING
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), figures.exact_words(moment))


@register.simple_tag
def day(moment: date | datetime | None) -> SafeString | str:
    """A day, the full date on hover."""
    if moment is None:
        return figures.NOTHING
    plain = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    words = figures.day_words(plain, today=timezone.localdate())
    return format_html('<time datetime="{}" title="{}">{}</time>', plain.isoformat(), plain.isoformat(), words)


@register.simple_tag
def spark(
    values: Sequence[float | None] | None, words: str = "", top: float | None = None, alarm: bool = False
) -> SafeString | str:
    """A small line for a row. `top` gives all rows one scale. `words` says what a screen reader should hear instead."""
    known = [value for value in values or () if value is not None]
    if not values or not known:
        return figures.NOTHING
    places = sparkline.points(values, top if top is not None else max(known))
    last = places[-1]
    return format_html(
        '<svg class="spark{}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<path class="spark-area" d="{}"/><path class="spark-line" d="{}"/>{}</svg>',
        " spark-alarm" if alarm else "",
        sparkline.WIDTH,
        sparkline.HEIGHT,
        sparkline.WIDTH,
        sparkline.HEIGHT,
        words or from_to(known[0], known[-1]),
        sparkline.area(places),
        sparkline.path(places),
        format_html('<circle cx="{}" cy="{}" r="1.8"/>', *last) if last else "",
    )


def from_to(first: float, last: float) -> str:
    return _("from %(first)s to %(last)s") % {"first": figures.count_words(first), "last": figures.count_words(last)}


@register.inclusion_tag("console/parts/chart.html")
def chart(drawn: Chart, name: str) -> dict[str, Any]:
    """A chart and its table, from the same data. `name` is its id on the page."""
    return {"chart": drawn, "name": name, "table": drawn.table()}


@register.simple_tag
def json_data(value: Any, name: str) -> SafeString:
    """Data for a script, as inert JSON."""
    table = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
    text = json.dumps(value, ensure_ascii=False).translate(table)
    return format_html('<script id="{}" type="application/json">{}</script>', name, mark_safe(text))  # noqa: S308  escaped above


@register.simple_block_tag
def finding(
    content: str, sentence: str, explain: str = "", source: str = "", as_of: Any = None, anchor: str = ""
) -> SafeString:
    """A block of a page: the sentence that says what is seen, behind a question mark what it counts, then picture and table."""
    return format_html(
        '<section class="card finding"{}><div class="card-body">'
        '<div class="finding-head"><h2>{}</h2>{}</div>{}</div></section>',
        format_html(' id="{}"', anchor) if anchor else "",
        sentence,
        explanation(explain, source, as_of),
        content,
    )


@register.simple_tag
def explanation(words: str, source: str = "", as_of: Any = None) -> SafeString | str:
    """A question mark that opens what a number counts, from which data, as of when."""
    if not words:
        return ""
    facts = [(_("What it counts"), words), (_("From which data"), source), (_("As of"), as_of_words(as_of))]
    lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((name, fact) for name, fact in facts if fact))
    return format_html(
        '<details class="explain"><summary aria-label="{}">{}</summary><dl>{}</dl></details>',
        _("What does this count?"),
        icon("help-circle"),
        lines,
    )


def as_of_words(moment: Any) -> str:
    if isinstance(moment, datetime):
        return figures.exact_words(moment)
    return moment.isoformat() if isinstance(moment, date) else str(moment or "")


@register.inclusion_tag("console/parts/empty.html")
def empty(words: str, next_step: str = "", url: str = "", picture: str = "list-details") -> dict[str, str]:
    """What stands where nothing is: why, and what to do next."""
    return {"words": words, "next_step": next_step, "url": url, "picture": picture}


@register.inclusion_tag("console/parts/field.html")
def field(bound: Any, picture: str = "") -> dict[str, Any]:
    """A form field with its label, help and errors, tied together for a screen reader."""
    widget = bound.field.widget
    kind = "ticks" if isinstance(widget, CheckboxSelectMultiple) else getattr(widget, "input_type", "")
    return {"field": bound, "kind": kind, "picture": picture}


@register.inclusion_tag("console/parts/fields.html")
def fields(form: Any) -> dict[str, Any]:
    """All fields of a form, and what is wrong with it as a whole."""
    return {"form": form}


@register.simple_tag
def crumbs(*pairs: str) -> SafeString:
    """Where this page is: `{% crumbs groups_label groups_url this_label %}`; the last one is here and has no address."""
    steps: Iterable[tuple[str, str]] = zip(pairs[::2], [*pairs[1::2], ""], strict=False)
    items = format_html_join("", "{}", ((_crumb(label, url),) for label, url in steps))
    return format_html('<nav aria-label="{}"><ol class="breadcrumb">{}</ol></nav>', _("You are here"), items)


def _crumb(label: str, url: str) -> SafeString:
    if not url:
        return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', label)
    return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', url, label)


@register.simple_tag
def onward(page: str, pk: int) -> SafeString:
    """Buttons to what rooms above know of the same thing. Nothing where none does."""
    ways = ((reverse(way.url_name, args=[pk]), icon(way.icon), way.label) for way in navigation.onward(page))
    return format_html_join("", '<a class="btn" href="{}">{}{}</a>', ways)


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], *roles: str) -> bool:
    """`{% may "admin" "lead" as allowed %}`: whether to offer an action. The view checks it again."""
    request: HttpRequest | None = context.get("request")
    return request is not None and permissions.may(request.user, *(permissions.Role(role) for role in roles))


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """The address of this page with some parameters changed; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"
