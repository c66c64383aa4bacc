"""The parts sentences of evidence are put together from. A part is said where all its figures are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huoqun.health.life.wording import Words


@dataclass(frozen=True, slots=True)
class Clause:
    """Left out where a figure in `needs` is not known or not worth saying, or where one in `instead_of` was said already."""

    needs: tuple[str, ...]
    words: Words
    instead_of: tuple[str, ...] = ()
    worth: Callable[..., bool] | None = None
    """Of the figures in `needs`, in their order."""

    def fits(self, figures: Mapping[str, Any]) -> bool:
        known = [figures.get(name) for name in self.needs]
        return None not in known and (self.worth is None or self.worth(*known))


def _clause(needs: str, zh: str, en: str, *, instead_of: str = "", worth: Callable[..., bool] | None = None) -> Clause:
    return Clause(tuple(needs.split()), Words(zh, en), tuple(instead_of.split()), worth)


def _some(first: float, *others: float) -> bool:
    """At least one, or it is not worth saying."""
    return first >= 1


def _several(first: float, *others: float) -> bool:
    return first >= 2


def _unheard(asked: float, unanswered: float) -> bool:
    return unanswered >= 2


def _rose(before: float, now: float) -> bool:
    return now > before


CAUSE_SENTENCES: Mapping[str, tuple[Clause, ...]] = {
    "no_purpose": (
        _clause(
            "messages_ever",
            "没有写下这个群是做什么的，开群以来一共只有 {messages_ever} 条消息",
            "nobody wrote down what the group is for, and all it ever had is {messages_ever} messages",
        ),
        _clause(
            "first_weeks_share", "其中 {first_weeks_share} 是头两周说的", "{first_weeks_share} of them in its first two weeks"
        ),
    ),
    "burst_then_silence": (
        _clause(
            "first_weeks_share",
            "全部发言的 {first_weeks_share} 集中在头两周",
            "{first_weeks_share} of all talk fell into the first two weeks",
        ),
        _clause("days_silent", "到现在已安静 {days_silent} 天", "it has been silent for {days_silent} days", worth=_some),
    ),
    "operator_dependent": (
        _clause(
            "house_starts_share",
            "{house_starts_share} 的话头是运营开的",
            "the house began {house_starts_share} of the conversations",
        ),
        _clause(
            "after_house_share",
            "{after_house_share} 的群友发言在运营说话后两小时内",
            "{after_house_share} of what members said came within two hours of the house",
        ),
        _clause(
            "talk_kept_without_house",
            "运营不说话的日子，发言只剩平时的 {talk_kept_without_house}",
            "on days without the house {talk_kept_without_house} of the talk is left",
        ),
        _clause(
            "house_share_90d",
            "运营自己占了 {house_share_90d} 的消息",
            "the house itself wrote {house_share_90d} of the messages",
            instead_of="house_starts_share after_house_share talk_kept_without_house",
        ),
        _clause(
            "house_silent_days",
            "运营已有 {house_silent_days} 天没说话",
            "the house has said nothing for {house_silent_days} days",
            worth=_some,
        ),
    ),
    "same_old_faces": (
        _clause(
            "top5_share_before top5_share_now",
            "说得最多的五个人从占 {top5_share_before} 升到 {top5_share_now}",
            "the five busiest went from {top5_share_before} to {top5_share_now} of the talk",
            worth=_rose,
        ),
        _clause(
            "top5_share_now",
            "说得最多的五个人占了 {top5_share_now}",
            "the five busiest hold {top5_share_now} of the talk",
            instead_of="top5_share_before",
        ),
        _clause(
            "new_faces_share", "最近开口的人里新面孔只有 {new_faces_share}", "{new_faces_share} of the recent speakers are new"
        ),
        _clause(
            "checkin_top3_share",
            "打卡的 {checkin_top3_share} 出自三个人",
            "three people made {checkin_top3_share} of the check-ins",
        ),
    ),
    "ad_fatigue": (
        _clause(
            "ads_90d ads_share",
            "近 90 天 {ads_90d} 条广告，占全部消息的 {ads_share}",
            "{ads_90d} ads in 90 days, {ads_share} of all messages",
        ),
        _clause("ad_days", "{ad_days} 的日子都有广告", "there were ads on {ad_days} of the days"),
        _clause(
            "leavers_after_broadcast",
            "发广告后一天内退群是平时的 {leavers_after_broadcast} 倍",
            "within a day of an ad people left {leavers_after_broadcast} times as often as usual",
        ),
        _clause(
            "leaves_90d",
            "最后三个月退了 {leaves_90d} 人",
            "people who left in its last three months: {leaves_90d}",
            worth=_some,
        ),
    ),
    "newcomers_ignored": (
        _clause(
            "first_words ignored",
            "{first_words} 位新人开过口，{ignored} 位没人接话",
            "newcomers who spoke: {first_words}; nobody answered {ignored} of them",
        ),
        _clause("newcomers_90d", "近 90 天进群 {newcomers_90d} 人", "joined in 90 days: {newcomers_90d}"),
    ),
    "questions_unanswered": (
        _clause(
            "questions_90d unanswered_90d",
            "最后三个月 {questions_90d} 个提问，{unanswered_90d} 个没人回答",
            "questions in its last three months: {questions_90d}; nobody answered {unanswered_90d} of them",
        ),
        _clause(
            "asked_in_company unanswered_in_company",
            "其中 {asked_in_company} 个是在群里正热闹的日子问的，也有 {unanswered_in_company} 个没人理",
            "of these, {asked_in_company} were asked while people were talking; {unanswered_in_company} found nobody",
            worth=_unheard,
        ),
        _clause("answered_share_90d", "群友答上的有 {answered_share_90d}", "members answered {answered_share_90d}"),
    ),
    "key_people_left": (
        _clause(
            "key_left key_left_share",
            "原来说得最多的人里有 {key_left} 位走了或不再说话，他们曾占发言的 {key_left_share}",
            "of those who said most, {key_left} left or fell quiet; theirs was {key_left_share} of the talk",
            worth=_some,
        ),
        _clause(
            "left_together left_together_share",
            "其中 {left_together} 位骨干四天之内前后脚退群，占发言的 {left_together_share}",
            "{left_together} of the busiest left within four days of one another, with {left_together_share} of the talk",
            worth=_several,
        ),
        _clause(
            "speakers_30d speakers_90d",
            "近三个月说过话的 {speakers_90d} 人里，近 30 天还在说的 {speakers_30d} 人",
            "of {speakers_90d} people who spoke in its last three months, {speakers_30d} spoke in the last 30 days",
        ),
    ),
    "bots_and_fakes": (
        _clause(
            "fakes_people fakes_share",
            "{fakes_people} 位成员像是买来或自动的号，占 {fakes_share}",
            "accounts that look bought or automated: {fakes_people}, {fakes_share} of the members",
            worth=_some,
        ),
        _clause(
            "ads_by_members", "群友发了 {ads_by_members} 条广告", "members posted {ads_by_members} advertisements", worth=_some
        ),
        _clause("members", "已知成员 {members} 人", "members known: {members}"),
    ),
    "too_large": (
        _clause(
            "members speakers_90d",
            "成员 {members} 人，近 90 天开过口的 {speakers_90d} 人",
            "members: {members}; people who spoke in 90 days: {speakers_90d}",
        ),
        _clause("capacity", "群上限 {capacity} 人", "room for {capacity}"),
    ),
    "too_small": (
        _clause("members", "成员只有 {members} 人", "members: only {members}"),
        _clause("speakers_90d", "近 90 天开过口的 {speakers_90d} 人", "people who spoke in 90 days: {speakers_90d}"),
    ),
    "season_closed": (
        _clause("planned_end", "计划在 {planned_end} 结束", "it was planned to end on {planned_end}"),
        _clause(
            "days_silent",
            "已安静 {days_silent} 天，是计划之中的",
            "its silence of {days_silent} days is as planned",
            worth=_some,
        ),
    ),
    "record_gap": (
        _clause(
            "gap_since gap_groups",
            "从 {gap_since} 起，同一账号的 {gap_groups} 个活跃群同时没了记录",
            "from {gap_since} on, nothing was recorded of {gap_groups} lively groups of one account at once",
        ),
        _clause("gap_days", "到现在 {gap_days} 天", "for {gap_days} days now"),
    ),
}

_PEOPLE = _clause(
    "speakers_90d", "最近三个月还有 {speakers_90d} 人说过话", "people who spoke in its last three months: {speakers_90d}"
)
_SILENT = _clause("days_silent", "已安静 {days_silent} 天", "silent for {days_silent} days", worth=_some)
_CHANCE = _clause("p_alive", "还会有人说话的可能性约 {p_alive}", "the chance that people speak again is about {p_alive}")

ACTION_WHY: Mapping[str, tuple[Clause, ...]] = {
    "revive": (
        _clause(
            "silent_buyers_90d",
            "有 {silent_buyers_90d} 位不说话却在下单的人：不说话不等于没价值",
            "{silent_buyers_90d} people buy without talking: silent is not worthless",
            worth=_some,
        ),
        _PEOPLE,
        _SILENT,
        _CHANCE,
    ),
    "welcome_and_answer": (
        _clause("top5_share_now", "五个人占了 {top5_share_now} 的发言", "five people hold {top5_share_now} of the talk"),
        _clause("new_faces_share", "说话的人里新面孔只有 {new_faces_share}", "{new_faces_share} of the speakers are new"),
        _clause(
            "first_words first_words_answered",
            "{first_words} 位新人开口，只有 {first_words_answered} 位有人接",
            "of {first_words} newcomers who spoke, {first_words_answered} got an answer",
        ),
        _clause(
            "questions_90d unanswered_90d",
            "{questions_90d} 个提问里 {unanswered_90d} 个没人回答",
            "of {questions_90d} questions, {unanswered_90d} were answered by nobody",
        ),
    ),
    "thin_out_ads": (
        _clause("ads_share", "消息里 {ads_share} 是广告", "{ads_share} of the messages are ads"),
        _clause("ad_days", "{ad_days} 的日子都在发", "on {ad_days} of the days"),
        _clause(
            "fakes_people fakes_share",
            "{fakes_people} 位成员（{fakes_share}）像假号",
            "{fakes_people} members ({fakes_share}) look fake",
            worth=_some,
        ),
        _clause(
            "ads_by_members", "群友发了 {ads_by_members} 条广告", "members posted {ads_by_members} advertisements", worth=_some
        ),
    ),
    "share_the_load": (
        _clause(
            "house_starts_share",
            "{house_starts_share} 的话头靠运营开",
            "the house begins {house_starts_share} of the conversations",
        ),
        _clause("key_left_share", "走掉的骨干曾占发言的 {key_left_share}", "those who left held {key_left_share} of the talk"),
        _clause(
            "speakers_30d",
            "近 30 天还有 {speakers_30d} 人在说话，可以分担",
            "people who spoke in 30 days and could take a part: {speakers_30d}",
        ),
    ),
    "split": (
        _clause("members", "成员 {members} 人，拆开后两边都够活", "members: {members}, enough for both halves to live"),
        _PEOPLE,
    ),
    "merge": (
        _clause("shared", "有 {shared} 人同时在那个群说话", "people who speak in both groups: {shared}", worth=_some),
        _clause("members", "成员只有 {members} 人", "members: only {members}"),
        _SILENT,
    ),
    "farewell": (_SILENT, _CHANCE, _PEOPLE),
    "leave_alone": (
        _clause(
            "messages_30d speakers_30d",
            "近 30 天 {speakers_30d} 人说了 {messages_30d} 条",
            "people who spoke in 30 days: {speakers_30d}, messages: {messages_30d}",
        ),
        _SILENT,
    ),
}
