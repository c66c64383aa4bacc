"""The page as a reader, a browser and a prankster meet it."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from huoqun.health.life.rules import State
from huoqun.health.life.wording import MEANINGS, STATES
from huoqun.health.report.render import render
from huoqun.health.report.words import TEXT

LANGUAGES = ("zh-hans", "en")
JUDGED = [state for state in State if state is not State.UNHEARD]
VOID = {"meta", "br", "col"}


def group(name: str, state: str, **figures: Any) -> dict[str, Any]:
    row = {
        "group_id": f"g-{name}", "group_name": name, "state": state, "since": "2026-05-02", "messages": 900, "speakers_7d": 6,
        "days_active_7d": 5, "p_alive": 0.874, "p_low": 0.8, "p_high": 0.93, "life_days": 410, "changed_on": None,
        "daily": [0, 3, 9, 0] * 21, "reasons": [["talk_sometimes", {"days": 5, "window": 7}]],
    }  # fmt: skip
    return row | figures


def result(*groups: dict[str, Any], **portfolio: Any) -> dict[str, Any]:
    figures = {
        "groups": len(groups), "alive_7d": 0.6, "alive_30d": 0.75, "silent_90d": 0.25, "top1_share": 0.2, "next9_share": 0.5,
        "rest_share": 0.3, "median_life_days": 118.0, "silent_in_a_week": 0.28, "outlived_a_month": 0.57, "posters": 5_000,
    }  # fmt: skip
    return {"as_of": "2026-06-30", "window": 7, "zone": "Asia/Shanghai", "portfolio": figures | portfolio, "groups": [*groups]}


FELL = ["level_fell", {"on": "2026-06-10", "before": 210.0, "now": 34.6}]
SILENT = ["silence_after_daily", {"days": 61, "gap": 1.1, "p": 0.004}]
FOUR = result(
    group("读书会", "thriving", days_active_7d=7),
    group("妈妈群", "declining", reasons=[["talk_sometimes", {"days": 5, "window": 7}], FELL], changed_on="2026-06-10"),
    group("老客群", "dead", p_alive=0.004, p_low=0.001, p_high=0.02, days_active_7d=0, daily=[0] * 84, reasons=[SILENT]),
    group("快闪群", "planned_end"),
)


class Outline(HTMLParser):
    """Collects text and notices what a browser would have to repair or fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.links: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "iframe", "object", "link", "img"}
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def read(page: str) -> str:
    return Outline(page).words


@pytest.mark.method("A01", "A02", "L18")
def test_the_first_sentence_says_what_is_seen() -> None:
    chinese, english = (render(FOUR, language=language) for language in LANGUAGES)
    assert "<h1>4 个群里，1 个最近 7 天每天都有人说话；1 个 30 天没有动静。</h1>" in chinese
    assert "<h1>Of 4 groups, 1 spoke on every one of the last 7 days; 1 said nothing for 30 days.</h1>" in english


@pytest.mark.method("A04", "L18")
@pytest.mark.parametrize(
    ("language", "anchors"),
    [
        ("zh-hans", ["300 多个群里 4 个", "微信群约 40 %（Qiu 等，2016）", "微信群约 30 %（Qiu 等，2016）", "1 / 4 (25.0 %)"]),
        ("en", ["4 of 300-odd groups", "WeChat groups: about 40 % (Qiu et al. 2016)", "about 30 %", "1 / 4 (25.0 %)"]),
    ],
)
def test_the_shares_stand_beside_the_methods_and_wechats(language: str, anchors: list[str]) -> None:
    page = read(render(FOUR, language=language))
    assert [anchor for anchor in anchors if anchor not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_fetches_nothing(language: str) -> None:
    page = render(FOUR, language=language)
    assert Outline(page).links == []
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src &#x27;none&#x27;" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_shows_its_colour_shape_word_and_meaning(language: str) -> None:
    page = render(result(*(group(f"群{state}", state) for state in JUDGED)), language=language)
    for state in JUDGED:
        word = STATES[state].say(language)
        assert re.search(rf'<span class="state \w+"><svg [^>]*aria-hidden="true">.+?</svg>{word}</span>', page)
        assert MEANINGS[state].say(language).replace("'", "&#x27;") in page


def test_the_languages_do_not_mix() -> None:
    ascii_names = result(*(group(f"g{state}", state) for state in JUDGED))
    english = read(render(ascii_names, language="en")).replace("Huoqun 活群", "")
    assert not re.search("[一-鿿]", english)
    chinese = read(render(ascii_names, language="zh-hans"))
    allowed = r"Huoqun|Qiu|van Mierlo|WWW|arXiv|JMIR|BG/BB|Asia/Shanghai|g[a-z_]+"
    assert re.findall(r"[A-Za-z]{2,}", re.sub(allowed, "", chinese)) == []


def test_every_sentence_exists_in_both_languages_with_the_same_figures() -> None:
    for name, words in TEXT.items():
        assert set(re.findall(r"\{\w+\}", words.zh)) == set(re.findall(r"\{\w+\}", words.en)), name


NASTY = "</bdi><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202e群"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["declining", "dead", "thriving", ""])
def test_names_from_outside_stay_text(language: str, state: str) -> None:
    page = render(result(group(NASTY, state), group("另一个", "steady")), language=language)
    assert NASTY in Outline(page).text
    page = render(result(group(NASTY, "steady"), zone="x") | {"zone": NASTY}, language=language)
    assert "<script" not in page
    assert "<img" not in page


def test_the_declining_come_with_their_reasons() -> None:
    page = read(render(FOUR, language="zh-hans"))
    assert "先看这 1 个正在走下坡的群" in page
    assert "2026-06-10 起，每周的消息从约 210 条降到约 35 条。" in page
    without = render(result(group("甲", "steady"), group("乙", "steady")), language="zh-hans")
    assert "走下坡的群" not in read(without)


def test_a_dead_group_tells_why_and_how_sure() -> None:
    page = render(FOUR, language="en")
    assert (
        "It used to talk nearly every day and has been quiet for 61 days: the chance that it is alive is about &lt; 1 %."
        in page
    )
    assert 'title="&lt; 1 %; with 90 % confidence between &lt; 1 % and 2 %"' in page


def test_a_sparkline_has_a_bar_for_each_day_with_talk_and_says_what_it_shows() -> None:
    page = render(
        result(group("甲", "steady", daily=[0, 4, 0, 16], changed_on="2026-06-29"), group("乙", "dead", daily=[0] * 4)),
        language="en",
    )
    (bars,) = re.findall(r'<path d="([^"]+)" class="bars"', page)
    assert bars.count("M") == 2
    assert "<title>messages a day over the last 4 days, at most 16 a day</title>" in page
    assert "<title>no messages in the last 4 days</title>" in page
    assert page.count('class="change"') == 1


def test_groups_without_talk_are_listed_and_not_judged() -> None:
    page = read(
        render(result(group("甲", "steady"), group("乙", "dead"), group("静", "", since=None, p_alive=None)), language="en")
    )
    assert "Groups in which no talk was seen (1) are left out of the shares." in page
    assert "No data is not zero" in page
    assert page.startswith("Huoqun group audit 2026-06-30 Huoqun group audit · as of 2026-06-30 Of 2 groups")


def test_below_a_hundred_people_it_counts_people() -> None:
    few = read(render(result(group("甲", "steady"), group("乙", "steady"), posters=40), language="en"))
    assert "Talk by the top 1" in few
    assert "Talk by the next 3" in few
    assert "Talk by the other 36" in few
    assert "top 1 % of people" not in few


def test_what_the_audit_did_not_say_is_left_out() -> None:
    bare = {
        "as_of": "2026-06-30",
        "portfolio": {"groups": 2, "alive_7d": 0.5, "alive_30d": 0.5, "silent_90d": None},
        "groups": [
            {"group_id": "1", "group_name": "甲", "state": "steady", "since": "2026-01-01", "messages": 5, "speakers_7d": 1,
             "days_active_7d": 2, "p_alive": 0.5},
            {"group_id": "2", "group_name": "", "state": "dead", "since": date(2026, 1, 1), "p_alive": None},
        ],
    }  # fmt: skip
    page = read(render(bare, language="en"))
    assert "Silent for more than 90 days" not in page
    assert "Life (days)" not in page
    assert "Last 12 weeks" not in page
    assert "Spoke within 7 days 50.0 %" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_group_alone_is_spoken_of_by_name(language: str) -> None:
    page = render(result(group("妈妈群", "bubbling")), language=language)
    heading = re.findall("<h1>(.+?)</h1>", page)[0]
    assert heading.startswith("妈妈群")
    assert MEANINGS[State.BUBBLING].say(language) in heading


def test_no_groups_at_all_is_still_a_page() -> None:
    assert "还没有见到任何群里有人说话" in read(render(result(), language="zh-hans"))


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"portfolio": {}, "groups": []}, "result.as_of"),
        ({"as_of": "2026-06-30", "groups": []}, "result.portfolio"),
        ({"as_of": "soon", "portfolio": {}, "groups": []}, "as_of is 'soon'"),
        (result(group("甲", "lively")), "groups[0].state is 'lively'"),
        (result(group("甲", "steady", since="yesterday")), "groups[0].since is 'yesterday'"),
    ],
)
def test_a_broken_result_is_refused_by_field(broken: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(named)):
        render(broken, language="en")


def test_dark_and_paper_are_cared_for() -> None:
    page = render(FOUR, language="zh-hans")
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert '<html lang="zh-Hans">' in page
    assert "width=device-width" in page
