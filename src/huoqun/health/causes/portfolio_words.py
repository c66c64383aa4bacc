"""What is said of all groups together, and of what came after an objection; Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.health.life.wording import Words

PORTFOLIO: Mapping[str, Words] = {
    "hours": Words(
        "要做的事每周约需 {asked} 小时，现有 {hours} 小时，按先后排进了 {given} 小时。",
        "What is advised needs about {asked} hours a week; there are {hours}; {given} are put to use, the best spent first.",
    ),
    "hours_enough": Words(
        "要做的事每周约需 {asked} 小时，现有 {hours} 小时，够用。",
        "What is advised needs about {asked} hours a week; there are {hours}: enough.",
    ),
    "care_for": Words(
        "先照顾这 {groups} 个群：估计能留住约 {people} 人，每周约 {messages} 条消息。",
        "Look after these {groups} groups first: about {people} people could be kept, and {messages} messages a week.",
    ),
    "merge": Words("{groups} 个小群建议合并。", "Small groups to merge: {groups}."),
    "let_go": Words(
        "{groups} 个群建议好好告别：没有人可留，时间省给别的群。",
        "Groups to say farewell to: {groups}. Nobody is left to keep; the hours serve the others.",
    ),
    "not_reached": Words(
        "还有 {groups} 个群这次排不进：要么加人手，要么接受它们冷下去。",
        "Groups the hours do not reach: {groups}. Either find more hands, or accept that they go cold.",
    ),
    "estimate": Words(
        "“能留住多少人”是估算：受影响的人数 × 按状态假定的成功机会（走下坡 50%、偶尔冒泡 40%、沉睡 25%、已死 10%），"
        "用来排先后，不是承诺。",
        "How many people could be kept is an estimate: people at stake times a chance assumed by state (declining 50 %, "
        "bubbling 40 %, dormant 25 %, dead 10 %). It puts groups in order and promises nothing.",
    ),
}

AFTER: Mapping[str, Words] = {
    "too_early": Words("才过了 {days} 天，还看不出什么。", "Only {days} days have passed: too early to see anything."),
    "fell_silent": Words(
        "之后：{days} 天里群安静了（{state_then} → {state_now}）。",
        "What came after: within {days} days the group fell silent ({state_then} → {state_now}).",
    ),
    "came_back": Words(
        "之后：{days} 天里群又有人说话了（{state_then} → {state_now}）。",
        "What came after: within {days} days people talked again ({state_then} → {state_now}).",
    ),
    "more_talk": Words(
        "之后：近 30 天消息从 {messages_then} 条升到 {messages_now} 条。",
        "What came after: messages in 30 days rose from {messages_then} to {messages_now}.",
    ),
    "less_talk": Words(
        "之后：近 30 天消息从 {messages_then} 条降到 {messages_now} 条。",
        "What came after: messages in 30 days fell from {messages_then} to {messages_now}.",
    ),
    "about_the_same": Words(
        "之后：和当时差不多，近 30 天消息 {messages_then} 条 → {messages_now} 条。",
        "What came after: about the same, {messages_then} messages in 30 days then, {messages_now} now.",
    ),
    "not_known": Words("之后的发言没有数据。", "What came after is not known."),
}
STILL_SAID = Words("体检现在仍这么说。", "The audit still says so.")
NO_LONGER_SAID = Words("体检现在不再这么说。", "The audit no longer says so.")
