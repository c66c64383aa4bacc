"""States and reasons in words, Chinese and English side by side, for the console and for the report without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .rules import PlainRule, State


@dataclass(frozen=True, slots=True)
class Words:
    zh: str
    en: str

    def say(self, language: str) -> str:
        """In Chinese for "zh-hans" and its relatives, in English for every other language."""
        return self.zh if language.lower().startswith("zh") else self.en


STATES: Mapping[State, Words] = {
    State.THRIVING: Words("天天活跃", "thriving"),
    State.STEADY: Words("稳定", "steady"),
    State.BUBBLING: Words("偶尔冒泡", "bubbling"),
    State.DECLINING: Words("走下坡", "declining"),
    State.DORMANT: Words("沉睡", "dormant"),
    State.DEAD: Words("已死", "dead"),
    State.PLANNED_END: Words("如期结束", "planned end"),
    State.UNHEARD: Words("听不到", "not heard"),
}

MEANINGS: Mapping[State, Words] = {
    State.THRIVING: Words(
        "窗口期内每天都有真人说话，没有下滑。",
        "Real people spoke on every day of the window, and the level is not falling.",
    ),
    State.STEADY: Words(
        "一周里大半日子有人说话，保持着自己的水平。",
        "People speak on most days of the week, at the group's own usual level.",
    ),
    State.BUBBLING: Words(
        "活着，但只是偶尔有人说几句；慢节奏不等于死群。",
        "Alive, but people speak only now and then; a slow rhythm is not death.",
    ),
    State.DECLINING: Words(
        "还有人说话，但不到自己原来水平的一半，或者安静得不像平时。",
        "Still talking, but at less than half its former level, or quieter than its own rhythm explains.",
    ),
    State.DORMANT: Words(
        "已经没有声音，或只剩偶尔零星一句，但还可能醒过来。",
        "Silent, or down to a stray word now and then, but it may still wake up.",
    ),
    State.DEAD: Words(
        "沉默得太久，按它自己的节奏几乎不会再有人说话。",
        "Silent for so long that, by its own rhythm, people will hardly speak here again.",
    ),
    State.PLANNED_END: Words(
        "到了计划的结束日：完成任务，不算死亡。",
        "It reached its planned end: a job done, not a death.",
    ),
    State.UNHEARD: Words(
        "群里说了什么我们收不到，所以不判断它是死是活；安静只是我们听不到，不代表没人说话。",
        "What is said here does not reach us, so it is not judged: silence here is ours, not the group's.",
    ),
}

RULES: Mapping[PlainRule, Words] = {
    PlainRule.EVERY_DAY: Words("天天有人说话", "talk every day"),
    PlainRule.SOMETIMES: Words("偶尔有人说话", "talk on some days"),
    PlainRule.SILENT: Words("没有人说话", "no talk"),
}

REASONS: Mapping[str, Words] = {
    "plan_ended": Words("按计划在 {on} 结束。", "It ended as planned on {on}."),
    "talk_after_end": Words(
        "计划结束后又有人说话，最近一次在 {on}。", "People still talked after the planned end, last on {on}."
    ),
    "talk_every_day": Words("最近 {window} 天每天都有人说话。", "People talked on every one of the last {window} days."),
    "talk_sometimes": Words("最近 {window} 天里有 {days} 天有人说话。", "People talked on {days} of the last {window} days."),
    "talk_silent": Words("最近 {window} 天没有人说话。", "Nobody talked in the last {window} days."),
    "silence_fits": Words(
        "已安静 {days} 天；平时约 {gap} 天说一次话，这样的安静不算反常。",
        "Quiet for {days} days; it usually talks about every {gap} days, so this is nothing unusual.",
    ),
    "silence_unusual": Words(
        "已安静 {days} 天；以前约 {gap} 天就有人说话，还活着的可能性约 {p}。",
        "Quiet for {days} days; it used to talk about every {gap} days: the chance that it is alive is about {p}.",
    ),
    "silence_after_daily": Words(
        "以前几乎天天有人说话，现在已安静 {days} 天，还活着的可能性约 {p}。",
        "It used to talk nearly every day and has been quiet for {days} days: the chance that it is alive is about {p}.",
    ),
    "talked_once": Words(
        "只有一天有人说过话，之后安静了 {days} 天，还活着的可能性约 {p}。",
        "People talked on a single day and then not for {days} days: the chance that it is alive is about {p}.",
    ),
    "stray_talk": Words(
        "之后只有零星几句，最后一次在 {on}，不算恢复。", "After that only stray words, the last on {on}: no revival."
    ),
    "level_fell": Words(
        "{on} 起，每周的消息从约 {before} 条降到约 {now} 条。",
        "From {on} on, messages fell from about {before} to about {now} a week.",
    ),
    "level_eased": Words(
        "{on} 起，每周的消息从约 {before} 条略降到约 {now} 条。",
        "From {on} on, messages eased from about {before} to about {now} a week.",
    ),
    "level_rose": Words(
        "{on} 起，每周的消息从约 {before} 条升到约 {now} 条。",
        "From {on} on, messages rose from about {before} to about {now} a week.",
    ),
    "short_burst": Words(
        "热闹了 {days} 天就没有了下文：短暂活跃后死亡的典型走法。",
        "Days from first talk to last: {days}, and nothing followed: the typical short burst, then silence.",
    ),
    "unheard_ever": Words(
        "截至这一天，还没有收到过这个群里说的话。", "Up to this day nothing said in this group had reached us."
    ),
    "unheard_since": Words("{on} 起收不到这个群里说的话。", "What is said in this group has not reached us since {on}."),
    "long_lived": Words("已经活了 {years} 年以上。", "It has lived for more than {years} years."),
}


def sentence(code: str, params: Mapping[str, object], *, language: str) -> str:
    """A reason as one sentence. Raises KeyError for a code that `rules` does not use."""
    return REASONS[code].say(language).format(**{name: _plain(name, value) for name, value in params.items()})


def state_name(state: str, *, language: str) -> str:
    return STATES[State(state)].say(language)


def state_meaning(state: str, *, language: str) -> str:
    return MEANINGS[State(state)].say(language)


def _plain(name: str, value: object) -> str:
    if isinstance(value, float):
        return _share(value) if name == "p" else _number(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"


def _share(value: float) -> str:
    if value < 0.01:
        return "< 1 %"
    return "> 99 %" if value > 0.99 else f"{value:.0%}".replace("%", " %")
