"""Causes, actions and first steps in words, Chinese and English side by side, for the console and for reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from huoqun.health.life.wording import Words

from .first_steps import FIRST_STEPS
from .portfolio_words import AFTER, NO_LONGER_SAID, PORTFOLIO, STILL_SAID
from .sentences import ACTION_WHY, CAUSE_SENTENCES, Clause

CAUSES: Mapping[str, Words] = {
    "no_purpose": Words("建群没想清楚", "no purpose"),
    "burst_then_silence": Words("热闹几天就没下文", "short burst, then silence"),
    "operator_dependent": Words("全靠运营撑着", "depends on the operator"),
    "same_old_faces": Words("总是那几个老面孔", "always the same faces"),
    "ad_fatigue": Words("广告太多", "too many ads"),
    "newcomers_ignored": Words("新人没人理", "newcomers ignored"),
    "questions_unanswered": Words("提问没人答", "questions unanswered"),
    "key_people_left": Words("骨干走了", "key people left"),
    "bots_and_fakes": Words("假粉和机器号多", "bots and fake members"),
    "too_large": Words("人太多，聊不起来", "too large to talk"),
    "too_small": Words("人太少，撑不住", "too small to live"),
    "season_closed": Words("按计划结束", "season closed"),
    "record_gap": Words("记录断了", "gap in the record"),
}

MEANINGS: Mapping[str, Words] = {
    "no_purpose": Words(
        "先拉了群，没写清楚给谁、一起干什么，一直没扎下根。",
        "The group was made before anybody said for whom it is and what people do together; it never took root.",
    ),
    "burst_then_silence": Words(
        "开群头几天热闹，之后没有持续的运营动作，就安静了。",
        "Lively in its first days; nothing was done to go on with, and it fell silent.",
    ),
    "operator_dependent": Words(
        "运营说话，大家才说话；运营一停，群就冷了。",
        "People talk when the operator does; when the operator stops, so do they.",
    ),
    "same_old_faces": Words(
        "说话的总是那几个人，其他人慢慢不出声，也没有新面孔。",
        "It is always the same few who speak; the others fell quiet and nobody new joins in.",
    ),
    "ad_fatigue": Words(
        "天天是广告和促销，大家不看了、退了。",
        "Ads and promotions day after day, until people stop reading and leave.",
    ),
    "newcomers_ignored": Words(
        "新人进群说了话，没人接，于是不再开口。",
        "Newcomers say something, nobody picks it up, and they do not speak again.",
    ),
    "questions_unanswered": Words("有人问，没人答，慢慢就没人问了。", "People ask, nobody answers, and in time nobody asks."),
    "key_people_left": Words(
        "撑起话题的几个人走了或不说话了，话题跟着断了。",
        "Those who carried the talk left or fell quiet, and the talk went with them.",
    ),
    "bots_and_fakes": Words(
        "成员里有不少买来的、自动的号，真人找不到人说话。",
        "A good part of the members are bought or automated accounts: real people find nobody to talk with.",
    ),
    "too_large": Words(
        "人多到谁都觉得不是在跟自己说，开口的反而少。",
        "So many members that nobody feels addressed, and few speak.",
    ),
    "too_small": Words("人太少，几个人一忙群就没声了。", "So few members that the group is silent when some of them are busy."),
    "season_closed": Words(
        "本来就是有期限的群，到期安静是正常的。", "It was meant to end; silence after its end is as planned."
    ),
    "record_gap": Words(
        "不是群没人说话，更可能是接入或导入断了，我们没有听到。",
        "Not the group fell silent but, more likely, the record: a connection or an import stopped.",
    ),
}

ACTIONS: Mapping[str, Words] = {
    "revive": Words("唤醒", "revive"),
    "welcome_and_answer": Words("迎新和答疑", "welcome and answer"),
    "thin_out_ads": Words("减少广告", "thin out ads"),
    "share_the_load": Words("让群友分担", "share the load"),
    "split": Words("拆分成小群", "split"),
    "merge": Words("并入别的群", "merge"),
    "farewell": Words("好好告别、解散", "say farewell"),
    "leave_alone": Words("不用动它", "leave alone"),
}

FIGURE_NAMES: Mapping[str, Words] = {
    "speakers_30d": Words("近 30 天说话人数", "people who spoke in 30 days"),
    "days_active_30d": Words("近 30 天有人说话的天数", "days with talk in 30"),
    "messages_7d": Words("近 7 天消息数", "messages in 7 days"),
    "messages_30d": Words("近 30 天消息数", "messages in 30 days"),
    "member_starts": Words("群友开的话头", "conversations begun by members"),
    "house_starts_share": Words("运营开的话头占比", "share of conversations the house begins"),
    "talk_kept_without_house": Words("运营不说话的日子还剩多少发言", "talk kept on days without the house"),
    "first_words_answered": Words("新人第一句话有人接", "newcomers' first words answered"),
    "spoke_within_7d_share": Words("新人一周内开口率", "newcomers who speak within a week"),
    "unanswered": Words("没人回答的问题", "questions nobody answered"),
    "ads_share": Words("广告占比", "share of ads"),
    "leavers_after_broadcast": Words("广告后一天内的退群", "leaving within a day of an ad"),
    "speakers_a_day": Words("日均说话人数", "speakers on a day with talk"),
    "members": Words("已知成员数", "members known"),
    "leaves_30d": Words("近 30 天退群", "people who left in 30 days"),
}

NOT_ENOUGH = Words("信息不够，说不出原因。", "Not enough to say why.")
NOTHING_STANDS_OUT = Words(
    "该看的都看了，没有哪个原因明显到可以下结论。", "Everything there is was looked at; no cause stands out."
)
UNSEEN = Words("看不到的：{causes}。", "Could not be looked for: {causes}.")
SLOW = Words("节奏慢，但没有看出毛病。", "Slow, but nothing seems wrong.")
EFFORT = Words("每周约 {hours} 小时", "about {hours} hours a week")
NO_EFFORT = Words("不花时间", "no time needed")
WATCH = Words("{days} 天后看：{figures}。", "Look again in {days} days at: {figures}.")
BECAUSE = Words("因为{cause}", "because: {cause}")


def cause_name(code: str, *, language: str) -> str:
    return CAUSES[code].say(language)


def cause_meaning(code: str, *, language: str) -> str:
    return MEANINGS[code].say(language)


def cause_sentence(code: str, figures: Mapping[str, Any], *, language: str) -> str:
    """The evidence in one sentence, of those figures that are known. Raises KeyError for a code there is no cause of."""
    return _joined(CAUSE_SENTENCES[code], figures, language) or cause_meaning(code, language=language)


def action_name(code: str, *, language: str) -> str:
    return ACTIONS[code].say(language)


def action_why(code: str, figures: Mapping[str, Any], *, language: str) -> str:
    """The figures that speak for the action; empty where none is known."""
    return _joined(ACTION_WHY[code], figures, language)


def first_step(code: str, *, language: str) -> str:
    return FIRST_STEPS[code].say(language)


def effort(hours: float, *, language: str) -> str:
    words = EFFORT if hours else NO_EFFORT
    return words.say(language).format(hours=_plain("hours", hours))


def watch(figures: Sequence[str], days: int, *, language: str) -> str:
    names = _listed([FIGURE_NAMES[name].say(language) for name in figures], language)
    return WATCH.say(language).format(days=days, figures=names) if figures else ""


def not_enough(unseen: Sequence[str], *, language: str) -> str:
    """Why nothing is said of the reason: what could not be looked for, or that nothing stands out."""
    if not unseen:
        return NOTHING_STANDS_OUT.say(language)
    names = _listed([cause_name(code, language=language) for code in unseen], language)
    gap = "" if _chinese(language) else " "
    return NOT_ENOUGH.say(language) + gap + UNSEEN.say(language).format(causes=names)


def what_came_after(code: str, figures: Mapping[str, Any], *, language: str) -> str:
    """`figures` with the states already in words."""
    return AFTER[code].say(language).format(**{name: _plain(name, value) for name, value in figures.items()})


def still_said(still: bool, *, language: str) -> str:
    return (STILL_SAID if still else NO_LONGER_SAID).say(language)


def portfolio(code: str, figures: Mapping[str, Any], *, language: str) -> str:
    return PORTFOLIO[code].say(language).format(**{name: _plain(name, value) for name, value in figures.items()})


def _joined(clauses: Sequence[Clause], figures: Mapping[str, Any], language: str) -> str:
    said = []
    taken: set[str] = set()
    for clause in clauses:
        if clause.fits(figures) and not taken & set(clause.instead_of):
            known = {name: _plain(name, figures[name]) for name in clause.needs}
            said.append(clause.words.say(language).format(**known))
            taken |= set(clause.needs)
    if not said:
        return ""
    if _chinese(language):
        return "；".join(said) + "。"
    joined = "; ".join(said)
    return joined[0].upper() + joined[1:] + "."


def _listed(names: Sequence[str], language: str) -> str:
    return ("、" if _chinese(language) else ", ").join(names)


def _chinese(language: str) -> bool:
    return language.lower().startswith("zh")


SHARES = ("_share", "ad_days", "core_kept", "p_alive", "talk_kept_without_house")
"""Names, or ends of names, of figures that are said in per cent."""


def _plain(name: str, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if name.endswith(SHARES) or name.startswith("top5_share"):
        return _per_cent(value)
    return f"{value:.1f}".removesuffix(".0") if abs(value) < 10 else f"{value:,.0f}"


def _per_cent(value: float) -> str:
    if 0 < value < 0.01:
        return "< 1 %"
    return f"{value * 100:.0f} %"
