"""Sentences of the weekly report, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.health.life.wording import Words

TEXT: Mapping[str, Words] = {
    "weekly_title": Words("活群周报", "Huoqun weekly report"),
    "week": Words("这一周变了什么", "What changed this week"),
    "week_nothing": Words(
        "和 {day} 相比，没有群变差，也没有群好转。", "Since {day} no group turned for the worse or for the better."
    ),
    "week_turned": Words(
        "和 {day} 相比，{worse} 个群变差，{better} 个群好转。",
        "Since {day}, groups that turned for the worse: {worse}; for the better: {better}.",
    ),
    "week_cut": Words("下面列出前 {n} 个。", "The first {n} are listed."),
    "week_now": Words("最近 7 天", "Last 7 days"),
    "week_before": Words("再前 7 天", "7 days before"),
    "week_change": Words("变化", "Change"),
    "week_messages": Words("消息（不含自己人）", "Messages (house left out)"),
    "week_people": Words("发言的人（每个群各算一次）", "People who spoke (counted once in each group)"),
    "week_groups": Words("有人说话的群", "Groups with talk"),
    "week_joins": Words("入群", "Joins"),
    "week_leaves": Words("退群", "Leaves"),
    "was": Words("原来", "Was"),
    "is": Words("现在", "Is now"),
    "new_group": Words("之前没有", "not there before"),
    "flows": Words("几个月来的变化", "How groups moved over the months"),
    "flows_lead": Words(
        "从 {first} 到 {last}，从活着变差 {down} 次，从走下坡或安静里恢复 {up} 次。",
        "From {first} to {last}, turns from alive to worse: {down}; recoveries from decline or silence: {up}.",
    ),
    "flows_label": Words(
        "{first} 到 {last} 各状态的群怎样变化；下表是最后一段",
        "groups from state to state, {first} to {last}; the table has the last step",
    ),
    "needing": Words("需要人的群：{n} 个", "Groups that need somebody: {n}"),
    "needing_lead": Words(
        "正在走下坡、刚刚没了声音、或有问题和新人没人理的群，最急的在前。",
        "Falling, just fallen silent, or leaving questions and newcomers without an answer; the most pressing first.",
    ),
    "needing_more": Words("只列出最急的 {shown} 个。", "Only the {shown} most pressing are listed."),
    "needing_none": Words("今天没有群特别需要人。", "No group needs somebody in particular today."),
    "why": Words("原因 ", "Why "),
    "next": Words("下一步 ", "Next "),
    "p_silent": Words("30 天内安静的可能性", "Chance of silence in 30 days"),
    "concern_unanswered": Words("{questions} 个问题没人回答", "questions without an answer: {questions}"),
    "concern_newcomers_ignored": Words("{people} 个新人开口没人理", "newcomers who spoke and nobody answered: {people}"),
    "concern_ends_soon": Words("计划 {days} 天后结束", "planned to end, days from now: {days}"),
    "concern_record_gap": Words("记录可能断了", "the record seems to break off"),
    "operators": Words("运营之间的差别", "Operators side by side"),
    "operator": Words("运营", "Operator"),
    "operators_lead": Words(
        "{n} 位运营里，{apart} 位和同类群有说得清的差别。",
        "Operators who differ from comparable groups by more than chance: {apart} of {n}.",
    ),
    "operators_alike": Words("{n} 位运营之间的差别没有超出偶然。", "The {n} operators do not differ by more than chance."),
    "operators_how": Words(
        "和年龄、大小、类型相近的群比，群少的往零收；下面一行是 90 % 区间。这不是考评。",
        "Beside groups of the same age, size and kind, drawn towards zero where there are few groups; below it the 90 % "
        "interval. No grade of a person.",
    ),
    "operators_cut": Words("只列出群最多的 {n} 位。", "Only the {n} with the most groups are listed."),
    "alive": Words("活着的群", "Groups alive"),
    "alive_apart": Words("活群占比差（百分点）", "Alive, points apart"),
    "talk_apart": Words("发言量之比", "Talk, factor"),
    "hours_a_week": Words("每周工时", "Hours a week"),
    "verdict": Words("看法", "Verdict"),
    "verdict_better": Words("带得比同类群好", "better than comparable groups"),
    "verdict_worse": Words("带得不如同类群", "worse than comparable groups"),
    "verdict_cannot_tell": Words("和别人看不出差别", "no difference to be told"),
    "verdict_too_few": Words("群太少，没法比", "too few groups to say"),
    "advice": Words("人手该先用在哪", "Where the hours go first"),
    "advice_lead": Words(
        "{n} 个群有该做的下一步，共要每周 {asked} 小时；现有工时 {there} 小时，顾得上 {within} 个。",
        "Actions are advised for {n} groups, {asked} hours a week in all; with the {there} hours there are, {within} can be "
        "looked after.",
    ),
    "advice_estimate": Words(
        "能留住多少人是估计，用来排先后，不是承诺。", "People kept are an estimate to order by, no promise."
    ),
    "action": Words("下一步", "Next action"),
    "people_kept": Words("估计留住的人", "People kept (estimate)"),
    "within_hours": Words("顾得上的群", "Within the hours"),
    "first": Words("先做这些", "First"),
    "with_group": Words("并入“{name}”", "into “{name}”"),
    "all_cut": Words(
        "共 {all} 个群，这里最多列 {n} 个，完整的在控制台里。",
        "Of {all} groups at most {n} are listed; all are in the console.",
    ),
    "count_coverage": Words(
        "数据截至 {day}；{all} 个群里见过 {seen} 个有人说话，其余不作判断。",
        "The record reaches to {day}; talk was seen in {seen} of {all} groups, the others are not judged.",
    ),
    "count_causes": Words(
        "原因按证据强弱排列，信息不够就不说；下一步是建议，懂这个群的人可以有不同看法。",
        "Causes are ordered by evidence, and none is named where it is thin; the next step is advice, and whoever knows the "
        "group may disagree.",
    ),
    "count_week": Words(
        "占比的分母是见过有人说话的 {n} 个群；“7 天内”等从截至那天往回算。",
        "Shares are of the {n} groups in which talk was seen; “within 7 days” and the like count back from the day of the "
        "audit.",
    ),
    "picture_note": Words(
        "只数真人，机器人和自己人不计；状态按每个群自己的节奏判断。",
        "Only people count, bots and house do not; states are judged by each group's own rhythm.",
    ),
    "page_of": Words("第 {n} 页，共 {all} 页", "page {n} of {all}"),
    "separator": Words("、", ", "),
    "colon": Words("：", ":"),
    "full_stop": Words("。", "."),
}
