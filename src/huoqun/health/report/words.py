"""Every sentence of the reports, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huoqun.health.life.wording import Words

from . import check_up_words, week_words

_PORTFOLIO: Mapping[str, Words] = {
    "title": Words("活群体检", "Huoqun group audit"),
    "as_of": Words("截至 {day}", "as of {day}"),
    "headline": Words(
        "{groups} 个群里，{daily} 个最近 {window} 天每天都有人说话；{silent} 个 30 天没有动静。",
        "Of {groups} groups, {daily} spoke on every one of the last {window} days; {silent} said nothing for 30 days.",
    ),
    "headline_one": Words("{name}：{state}，从 {since} 起。{meaning}", "{name}: {state} since {since}. {meaning}"),
    "headline_none": Words(
        "还没有见到任何群里有人说话，所以没有可以判断的。",
        "Nobody was seen to speak in any group yet, so there is nothing to judge.",
    ),
    "unseen_note": Words(
        "另有 {n} 个群没见到有人说话，不计入比例。", "Groups in which no talk was seen ({n}) are left out of the shares."
    ),
    "unheard_note": Words(
        "另有 {n} 个群的消息收不到（听不到），不判断、不计入比例。",
        "Groups whose talk does not reach us ({n}) are not judged and left out of the shares.",
    ),
    "states": Words("各种状态的群", "Groups by state"),
    "states_lead": Words(
        "{living} 个群活着，{falling} 个在走下坡，{gone} 个沉睡或已死。",
        "{living} groups are alive, {falling} are declining, {gone} are dormant or dead.",
    ),
    "states_ended": Words("{n} 个按计划结束，不算死亡。", "{n} ended as planned, which is no death."),
    "state": Words("状态", "State"),
    "groups": Words("群", "Groups"),
    "share": Words("占比", "Share"),
    "meaning": Words("是什么意思", "What it means"),
    "beside": Words("和别人比", "Beside others"),
    "beside_lead": Words(
        "每天都有人说话的有 {daily}；方法作者盘点自己 300 多个群时是 4 个，约 1.3 %。",
        "{daily} spoke every day; the method's author found 4 in his own 300-odd groups, about 1.3 %.",
    ),
    "figure": Words("指标", "Figure"),
    "yours": Words("您的群", "Yours"),
    "theirs": Words("参照", "For comparison"),
    "every_day": Words("最近 {window} 天每天都有人说话", "Spoke on every one of the last {window} days"),
    "alive_7d": Words("7 天内有人说话", "Spoke within 7 days"),
    "alive_30d": Words("30 天内有人说话", "Spoke within 30 days"),
    "silent_90d": Words("沉默超过 90 天", "Silent for more than 90 days"),
    "silent_in_a_week": Words("开群一周内就沉默", "Fell silent within a week of birth"),
    "outlived_a_month": Words("说话超过 30 天", "Talked for more than 30 days"),
    "median_life": Words("寿命中位数", "Median life"),
    "days": Words("{n} 天", "{n} days"),
    "method": Words("方法：300 多个群里 4 个", "method: 4 of 300-odd groups"),
    "wechat": Words("微信群约 {share}（Qiu 等，2016）", "WeChat groups: about {share} (Qiu et al. 2016)"),
    "top1_share": Words("发言最多的 1 % 的人说的话", "Talk by the top 1 % of people"),
    "next9_share": Words("其后 9 % 的人说的话", "Talk by the next 9 %"),
    "rest_share": Words("其余人说的话", "Talk by the rest"),
    "top_people": Words("发言最多的 {n} 人说的话", "Talk by the top {n}"),
    "next_people": Words("其后 {n} 人说的话", "Talk by the next {n}"),
    "rest_people": Words("其余 {n} 人说的话", "Talk by the other {n}"),
    "health_sites": Words("大型健康论坛 {share}（van Mierlo，2014）", "large health forums: {share} (van Mierlo 2014)"),
    "falling": Words("先看这 {n} 个正在走下坡的群", "Look first at the declining groups: {n}"),
    "falling_lead": Words(
        "它们还有人说话，现在出手比沉默之后容易。", "People still talk in them: acting now is easier than after silence."
    ),
    "all_groups": Words("全部群", "All groups"),
    "all_lead": Words(
        "按状态分开，同一状态里消息多的在前。图是最近 {n} 天每天的真人消息，竖线是水平变化的那天。",
        "By state, and within a state the busiest first. The picture shows human messages a day over the last {n} days; "
        "the upright line marks the day the level changed.",
    ),
    "all_lead_plain": Words("按状态分开，同一状态里消息多的在前。", "By state, and within a state the busiest first."),
    "group": Words("群", "Group"),
    "since": Words("从哪天起", "Since"),
    "lately": Words("最近 12 周", "Last 12 weeks"),
    "p_alive": Words("还活着的可能", "Chance alive"),
    "days_active": Words("7 天里说话天数", "Days active of 7"),
    "speakers": Words("7 天说话人数", "Speakers in 7 days"),
    "messages": Words("消息", "Messages"),
    "life": Words("寿命（天）", "Life (days)"),
    "spark": Words(
        "最近 {n} 天每天的消息数，最多一天 {most} 条", "messages a day over the last {n} days, at most {most} a day"
    ),
    "spark_silent": Words("最近 {n} 天没有消息", "no messages in the last {n} days"),
    "interval": Words("{p}，九成把握在 {low} 到 {high} 之间", "{p}; with 90 % confidence between {low} and {high}"),
    "unseen": Words("没见到有人说话", "no talk seen"),
    "unseen_meaning": Words(
        "没有数据不等于没有人：也许聊天记录没有导入。", "No data is not zero: perhaps its history was not imported."
    ),
    "counted": Words("怎么数的", "How it was counted"),
    "count_talk": Words(
        "只数真人：机器人、工作人员和托的账号，凡在名单上的都不计入。入群、退群、改名和系统通知不算说话。",
        "Only people count: bots, staff and helpers on the house list are left out. Joins, leaves, renames and notices are no "
        "talk.",
    ),
    "count_day": Words("一天从零点到零点（时区 {zone}）。", "A day runs from midnight to midnight ({zone})."),
    "count_shares": Words(
        "占比的分母是见过有人说话的 {n} 个群；“7 天内”等从文件里最后一条消息算起。",
        "Shares are of the {n} groups in which talk was seen; “within 7 days” and the like count back from the last message "
        "seen.",
    ),
    "count_p": Words(
        "“还活着的可能”由每个群自己的说话日历算出（BG/BB 模型，用这批群一起拟合）：平时三五天才说一次话的群，"
        "安静一周不算死；平时天天说话的群，安静一周就不寻常。横线是 90 % 区间。",
        "The chance of being alive comes from each group's own calendar of talk (the BG/BB model, fitted to these groups "
        "together): a week of silence means little where people speak twice a month, and much where they speak every day. "
        "The line is the 90 % interval.",
    ),
    "count_since": Words(
        "“从哪天起”：沉默的群是最后一次像样的说话之后的那天，其余的是它自己的水平变化的那天，没变过就是第一次有人说话的那天。"
        "水平看每天有多少人说话、各说多少，一个人刷屏不算回暖。",
        "Since: for silent groups the day after their last real talk, for others the day their own level changed, or their "
        "first talk if it never did. The level is how many people speak in a day and how much, so one person flooding is no "
        "revival.",
    ),
    "count_plan": Words(
        "快闪群和有期限的群按自己的计划判断：到期结束是完成，不是死亡。",
        "Flash and seasonal groups are judged by their own plan: ending on time is a job done.",
    ),
    "count_sources": Words(
        "参照：微信群的数字来自 2015 年 474,726 个群（Qiu 等，WWW 2016，arXiv 1512.07831）；论坛的数字来自 4 个健康社区的 "
        "63,990 人（van Mierlo，JMIR 2014）；300 多个群里 4 个是方法作者自己的盘点。参照是别人的群，不是目标。",
        "For comparison: the WeChat figures are from 474,726 groups of 2015 (Qiu et al., WWW 2016, arXiv 1512.07831); the "
        "forum figures from 63,990 people in 4 health communities (van Mierlo, JMIR 2014); 4 of 300-odd is the count of the "
        "method's author. They are other people's groups, not targets.",
    ),
    "made_by": Words("由活群 Huoqun 生成", "Made by Huoqun 活群"),
    "unknown": Words("不知道", "not known"),
}


TEXT: Mapping[str, Words] = {**_PORTFOLIO, **week_words.TEXT, **check_up_words.TEXT}


class Voice:
    """The report's sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, name: str, /, **figures: object) -> str:
        return TEXT[name].say(self.language).format(**figures)

    def together(self, sentences: Iterable[str]) -> str:
        """Sentences one after the other: with a space between them in English, without in Chinese."""
        return ("" if self.language.lower().startswith("zh") else " ").join(sentences)

    def listed(self, phrases: Iterable[str]) -> str:
        """Phrases as one sentence; "" for none."""
        joined = self("separator").join(phrases)
        return joined[:1].upper() + joined[1:] + self("full_stop") if joined else ""
