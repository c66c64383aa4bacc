"""What is said of operators side by side, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.health.life.wording import Words

from .dispersion import OperatorRow, Spread

VERDICTS: Mapping[str, Words] = {
    "better": Words("带得比同类群好", "better than comparable groups"),
    "worse": Words("带得不如同类群", "not as well as comparable groups"),
    "cannot_tell": Words("和别人看不出差别", "cannot be told apart from others"),
    "too_few": Words("群太少，没法比", "too few groups to compare"),
}

ALIVE = Words(
    "活群比例比同类群{sign}{points} 个百分点（90% 区间 {low} 到 {high}）",
    "groups alive: {sign}{points} points beside comparable groups (90 % interval {low} to {high})",
)
TALK = Words(
    "群友发言是同类群的 {factor} 倍（90% 区间 {low} 到 {high}）",
    "members' talk: {factor} times that of comparable groups (90 % interval {low} to {high})",
)
TOLD_APART = Words(
    "去掉群龄、人数和类型的影响后，运营之间确实有差别。",
    "With age, size and kind of their groups taken out, operators do differ.",
)
NOT_TOLD_APART = Words(
    "去掉群龄、人数和类型的影响后，运营之间的差别和运气分不开：别拿这张表排名。",
    "With age, size and kind of their groups taken out, the difference between operators cannot be told from chance: "
    "do not rank anybody by this table.",
)
TOO_FEW = Words(
    "至少要有两位运营各带三个以上的群，才比得出来。",
    "Two operators with three groups each are the least that can be compared.",
)
HOURS = Words(
    "工时按运营在群里说过话的半小时数计，是下限：看消息、做策划、私聊都不算在内。",
    "Hours are half-hours in which the operator wrote in a group: a lower bound, as reading, planning and private talk "
    "leave no trace.",
)


def verdict(code: str, *, language: str) -> str:
    return VERDICTS[code].say(language)


def alive(row: OperatorRow, *, language: str) -> str:
    """Empty where too few groups are there to compare."""
    if row.alive is None or row.alive_low is None or row.alive_high is None:
        return ""
    return ALIVE.say(language).format(
        sign="+" if row.alive >= 0 else "−",
        points=f"{abs(row.alive) * 100:.0f}",
        low=f"{row.alive_low * 100:+.0f}",
        high=f"{row.alive_high * 100:+.0f}",
    )


def talk(row: OperatorRow, *, language: str) -> str:
    if row.talk is None or row.talk_low is None or row.talk_high is None:
        return ""
    return TALK.say(language).format(factor=f"{row.talk:.1f}", low=f"{row.talk_low:.1f}", high=f"{row.talk_high:.1f}")


def apart(spread: Spread | None, *, language: str) -> str:
    """Whether operators can be told apart at all; said before any of them is."""
    if spread is None:
        return TOO_FEW.say(language)
    return (TOLD_APART if spread.told_apart else NOT_TOLD_APART).say(language)
