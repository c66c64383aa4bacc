"""The audit as a person at a terminal sees it: a sentence, the shares, the groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from huoqun.health.life.wording import state_meaning, state_name
from huoqun.health.report.chapters.beside import FEW_PEOPLE
from huoqun.health.report.figures import UNKNOWN, chance, share, whole
from huoqun.health.report.words import Voice
from huoqun.wiring.audit_words import say
from huoqun.wiring.terminal import printable

Row = dict[str, Any]

COLOURS = {
    "thriving": "green",
    "steady": "green",
    "bubbling": "cyan",
    "declining": "yellow",
    "dormant": "magenta",
    "dead": "red",
}
WINDOW = 7
"""Of the plain rule, whatever window the state is judged over."""
PIPED_WIDTH = 120
"""Columns where there is no terminal to ask, so that names are not cut for a file's sake."""


def console(*, is_terminal: bool) -> Console:
    return Console(highlight=False, width=None if is_terminal else PIPED_WIDTH)


def picture(audit: Row, language: str) -> RenderableType:
    """From the object `huoqun audit --json` prints."""
    voice = Voice(language)
    return Group(Text(headline(audit, voice), style="bold"), _shares(audit, voice), _groups(audit["groups"], voice))


def headline(audit: Row, voice: Voice) -> str:
    """One sentence on what is seen, and one on the groups nothing can be said about."""
    figures = audit["portfolio"]
    sentences = [f"{voice('as_of', day=audit['as_of'])}{say('colon', voice.language)}{_seen(audit, voice)}"]
    if figures["no_talk_seen"]:
        sentences.append(voice("unseen_note", n=whole(figures["no_talk_seen"])))
    return voice.together(sentences)


def _seen(audit: Row, voice: Voice) -> str:
    figures, language = audit["portfolio"], voice.language
    if figures["groups"] == 1:
        (one,) = (group for group in audit["groups"] if group["state"])
        name, state, meaning = printable(one["group_name"]), one["state"], state_meaning(one["state"], language=language)
        return voice("headline_one", name=name, state=state_name(state, language=language), since=one["since"], meaning=meaning)
    silent = round((1 - figures["alive_30d"]) * figures["groups"])
    daily = whole(figures["every_day"])
    return voice("headline", groups=whole(figures["groups"]), daily=daily, window=WINDOW, silent=whole(silent))


def _shares(audit: Row, voice: Voice) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style="dim")
    for line in _share_lines(audit["portfolio"], voice):
        table.add_row(*line)
    return table


def _share_lines(figures: Row, voice: Voice) -> Iterator[tuple[str, str, str]]:
    daily = f"{figures['every_day']} / {figures['groups']}"
    yield voice("every_day", window=WINDOW), daily, voice("method")
    for name in ("alive_7d", "alive_30d", "silent_90d"):
        yield voice(name), share(figures[name]), f"{figures[name + '_groups']} / {figures['groups']}"
    yield voice("silent_in_a_week"), share(figures["silent_in_a_week"]), voice("wechat", share="40 %")
    yield voice("outlived_a_month"), share(figures["outlived_a_month"]), voice("wechat", share="30 %")
    for name, words in _posters(figures["posters"], voice):
        yield words, share(figures[name]), ""
    life = figures["median_life_days"]
    yield voice("median_life"), UNKNOWN if life is None else voice("days", n=whole(life)), ""


def _posters(people: int, voice: Voice) -> Iterator[tuple[str, str]]:
    """By head while they are few: a per cent of forty people is a fraction of somebody."""
    first, tenth = max(1, round(people * 0.01)), min(max(2, round(people * 0.1)), people)
    heads = {"top": first, "next": tenth - first, "rest": people - tenth}
    for name, words in (("top", "top1_share"), ("next", "next9_share"), ("rest", "rest_share")):
        yield words, voice(words) if people >= FEW_PEOPLE else voice(f"{name}_people", n=heads[name])


def _groups(groups: list[Row], voice: Voice) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    table.add_column(voice("group"), overflow="fold", min_width=12)
    table.add_column(voice("state"), no_wrap=True)
    table.add_column(voice("since"), no_wrap=True)
    for name in ("days_active", "speakers", "messages", "p_alive"):
        table.add_column(voice(name), justify="right")
    table.add_column(say("last_message", voice.language), no_wrap=True)
    for group in groups:
        table.add_row(*_cells(group, voice))
    return table


def _cells(group: Row, voice: Voice) -> list[Text]:
    name, state = Text(printable(group["group_name"])), group["state"]
    if not state:
        return [name, Text(say("no_talk", voice.language), style="dim"), *[Text(UNKNOWN)] * 6]
    return [
        name,
        Text(state_name(state, language=voice.language), style=COLOURS.get(state, "")),
        Text(group["since"] or UNKNOWN),
        Text(whole(group["days_active_7d"])),
        Text(whole(group["speakers_7d"])),
        Text(whole(group["messages"])),
        Text(chance(group["p_alive"])),
        Text((group["last_message_at"] or UNKNOWN)[:10]),
    ]
