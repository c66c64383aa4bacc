"""Sentences of one group's check-up, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.health.life.wording import Words

TEXT: Mapping[str, Words] = {
    "check_up_title": Words("单群体检报告", "Group check-up"),
    "check_up_names": Words(
        "这份报告里有成员的名字和原话，转发前请想一想给谁看。",
        "This report holds names and words of members: think before forwarding it.",
    ),
    "life_of": Words("过得怎么样", "How it lives"),
    "life_lead": Words(
        "最近 7 天里 {days} 天有人说话：{speakers} 个成员，{messages} 条消息。",
        "Talk on {days} of the last 7 days: members {speakers}, messages {messages}.",
    ),
    "life_unknown": Words("最近 7 天的情况不详。", "Nothing is known of the last 7 days."),
    "life_alive": Words(
        "还会有人说话的可能性是 {p}（90 % 区间 {low} 到 {high}）。",
        "The chance that people will speak here again is {p} (90 % interval {low} to {high}).",
    ),
    "life_picture": Words(
        "最近 {n} 天每天的消息：线上是成员，线下是自己人，竖线是水平变化的那天。",
        "Messages a day over the last {n} days: members above the line, house below it; the upright line marks the day the "
        "level changed.",
    ),
    "fact_purpose": Words("宗旨", "Purpose"),
    "fact_operator": Words("运营", "Operator"),
    "fact_carrier": Words("载体", "Carrier"),
    "fact_plan": Words("计划", "Plan"),
    "fact_members": Words("成员", "Members"),
    "fact_last": Words("最近一条消息", "Last message"),
    "fact_life": Words("至今寿命", "Life so far"),
    "members_of": Words("{members} / {capacity}", "{members} / {capacity}"),
    "causes": Words("为什么", "Why"),
    "causes_lead": Words("最可能的原因，证据最强的在前。", "The likeliest causes, the strongest evidence first."),
    "causes_none": Words("没有看出需要处理的原因。", "No cause for concern was found."),
    "next_action": Words("下一步", "What to do next"),
    "forecast": Words("接下来会怎样", "What is ahead"),
    "forecast_lead": Words(
        "30 天内没人说话的可能性是 {p}（90 % 区间 {low} 到 {high}）。",
        "The chance that nobody speaks within 30 days is {p} (90 % interval {low} to {high}).",
    ),
    "forecast_short": Words("30 天内没人说话的可能性是 {p}。", "The chance that nobody speaks within 30 days is {p}."),
    "forecast_lead_days": Words(
        "过去，这样的苗头平均在沉默前 {days} 天出现。", "In the past such a sign came about {days} days before the silence."
    ),
    "forecast_unproven": Words("还不给预测：{why}。", "No forecast yet: {why}."),
    "record": Words("过去准不准 ", "Track record "),
    "model": Words("预测用的是{name}。", "The forecast is by {name}."),
    "connection": Words("谁和谁有联系", "Who is connected with whom"),
    "connection_lead": Words(
        "{speakers} 个发言的人里，{pairs} 对有联系；{reciprocity} 的联系有来有回。",
        "Among {speakers} speakers {pairs} pairs are connected; {reciprocity} of the ties go both ways.",
    ),
    "connection_inferred": Words(
        "载体没有给出回复关系，联系是按时间、点名、用词和轮流说话推断的，平均把握 {certainty}。",
        "The carrier reports no replies; ties are inferred from time, names, words and turns, with a mean certainty of "
        "{certainty}.",
    ),
    "largest_component_share": Words("去掉自己人后还连成一片的人", "Still connected without house accounts"),
    "component_share_with_staff": Words("算上自己人连成一片的人", "Connected, house included"),
    "staff_tie_share": Words("有一头是自己人的联系", "Ties with a house end"),
    "top_answerer_share": Words("回答最多的一个人占的回答", "Answers by the one who answers most"),
    "bridge_people": Words("也在别的群说话的人", "People who also speak in another group"),
    "core_people": Words("核心（至少和 {k} 人有联系）的人数", "People of the core (at least {k} ties each)"),
    "curve_picture": Words(
        "横轴是至少有几条联系，柱高是还剩多少人：一下掉光，说明全靠几个人。",
        "How many people remain when everybody needs at least so many ties: a sudden drop means that a few hold it together.",
    ),
    "dependence": Words("没有运营会怎样", "Without the operators"),
    "dependence_lead": Words(
        "自己人说了 {share} 的话，开了 {starts} 的话头。",
        "House accounts said {share} of everything and began {starts} of the conversations.",
    ),
    "dependence_short": Words("自己人说了 {share} 的话。", "House accounts said {share} of everything."),
    "talk_kept_without_house": Words("自己人没说话的日子，成员说话是平时的", "Member talk on days without house, of the usual"),
    "after_house_share": Words("紧跟自己人（2 小时内）的成员消息", "Member messages within 2 hours of house"),
    "house_silent_days": Words("自己人最后一次说话以来的天数", "Days since house last spoke"),
    "house_per_member_message": Words("每条成员消息对应的自己人消息", "House messages per member message"),
    "roles": Words("谁在这里", "Who is here"),
    "structure_none": Words("最近说得太少，谈不上结构。", "Too little was said lately to speak of structure."),
    "structure_lead": Words(
        "{speakers} 个发言的人里，{half} 个人说了一半的话。", "Of {speakers} speakers, {half} said half of everything."
    ),
    "role_co_builder": Words("共建成员", "co-builder"),
    "role_chatterbox": Words("话痨", "chatterbox"),
    "role_active": Words("活跃分子", "active"),
    "role_onlooker": Words("围观群众", "onlooker"),
    "role_counts": Words("{role} {n} 人", "{role}: {n}"),
    "person": Words("成员", "Member"),
    "role": Words("角色", "Role"),
    "person_days": Words("说话天数", "Days"),
    "roles_shown": Words("按发言多少列出前 {n} 人。", "The {n} who say most."),
    "newcomers": Words("新人", "Newcomers"),
    "newcomers_unknown": Words(
        "这里没有入群记录，新人情况不详。", "Joins are not reported here, so nothing is known of newcomers."
    ),
    "newcomers_none": Words("近 90 天没有人入群。", "Nobody joined in the last 90 days."),
    "newcomers_lead": Words(
        "近 90 天入群 {joined} 人；其中入群满一周的 {had} 人里，{spoke} 人在一周内开过口。",
        "Joined in the last 90 days: {joined}; of the {had} who have had a week, {spoke} spoke within it.",
    ),
    "newcomers_answered": Words(
        "{first} 个新人的第一句话里，{answered} 个得到了真人回应。", "{answered} of {first} first words got a human answer."
    ),
    "service": Words("提问和回答", "Questions and answers"),
    "service_unknown": Words("提问情况不详。", "Nothing is known of questions here."),
    "service_none": Words("近 30 天没有人提问。", "No question was asked in the last 30 days."),
    "service_lead": Words(
        "近 30 天 {asked} 个问题：群友回答 {members} 个，员工回答 {staff} 个，没人回答 {unanswered} 个。",
        "Questions in 30 days: {asked}; answered by members {members}, by staff {staff}, by nobody {unanswered}.",
    ),
    "service_wait": Words("一半的回答在 {minutes} 分钟内给出。", "Half of the answers came within {minutes} minutes."),
    "service_open": Words("还没人回答的（最近 {n} 个）", "Still open (the latest {n})"),
    "growth": Words("进出", "Comings and goings"),
    "growth_unknown": Words(
        "这里没有进出群记录，增长情况不详。", "Joins and leaves are not reported here; growth is not known."
    ),
    "growth_lead": Words(
        "近 30 天入群 {joins} 人、退群 {leaves} 人；已知成员 {members} 人。",
        "In 30 days {joins} joined and {leaves} left; {members} members are known.",
    ),
    "objections": Words("不同看法", "Not everybody agrees"),
    "objections_lead": Words("懂这个群的人对体检的不同看法。", "What people who know the group said against the audit."),
    "objection": Words("{day}，{who}：", "{day}, {who}: "),
    "objection_instead": Words("不是“{code}”，而是“{instead}”。", "not “{code}” but “{instead}”. "),
    "objection_plain": Words("不同意“{code}”。", "disagrees with “{code}”. "),
    "check_windows": Words(
        "“最近”指截至 {day} 的日子；结构、来往和角色看的是这个群自己最后一次说话之前的 90 天，提问看 30 天。",
        "“Last” counts back from {day}; structure, ties and roles are read from the 90 days up to the group's own last talk, "
        "questions from 30 days.",
    ),
    "check_answers": Words(
        "回应指回复、@，或之后五条消息里 10 分钟内别人接的话（后者是推断）。",
        "An answer is a reply or mention, or one of the next five messages, by somebody else within 10 minutes (this last one "
        "inferred).",
    ),
    "check_source": Words(
        "来自导入和接收到的 {carrier} 聊天记录；没导入的不知道，不知道不等于零。",
        "From the {carrier} history that was imported and received; what was not imported is not known, which is not zero.",
    ),
}
