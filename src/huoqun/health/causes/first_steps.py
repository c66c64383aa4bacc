"""First steps somebody who is no engineer can take tomorrow, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.health.life.wording import Words

FIRST_STEPS: Mapping[str, Words] = {
    "ask_regulars": Words(
        "明天点名问候 3 到 5 位以前常说话的人，每人问一个只有他答得上的具体问题；有人回了，当天接着聊下去。",
        "Tomorrow, greet three to five former regulars by name and ask each a concrete question only they can answer; "
        "where one replies, keep the talk going the same day.",
    ),
    "ask_buyers": Words(
        "先别解散：这周一对一问候近期下过单的人，问问东西用得怎么样、还想在群里看到什么。",
        "Do not dissolve it yet: this week, write to those who bought lately, one by one, and ask how it went and "
        "what they would like to see here.",
    ),
    "restart_weekly": Words(
        "定一个每周固定时间的小活动（比如周三晚 8 点半小时答疑或晒图），提前一天预告，先约好 3 个人到场，连办四周。",
        "Fix one small weekly event (say, half an hour of questions or pictures on Wednesday at eight), announce it a day "
        "ahead, make sure of three people beforehand, and hold it four weeks in a row.",
    ),
    "topic_a_day": Words(
        "连续两周每天抛一个人人答得上的小话题，每次点名请两位平时不说话的人先说。",
        "For two weeks, bring one small topic a day that anybody can answer, and each time ask two quiet members to begin.",
    ),
    "say_what_for": Words(
        "写下两句话：这个群给谁、大家一起干什么；改群名和公告，问大家愿不愿意，愿意的留下，不愿意的放行。",
        "Write two sentences: for whom this group is and what people do together. Put them into its name and notice, ask "
        "who is in, and let the others go.",
    ),
    "bring_friends": Words(
        "请群里每个人带一位合适的朋友进来；一个月后还不到 15 人，就找个相近的群合并。",
        "Ask everybody here to bring one fitting friend; if that does not make fifteen, merge with a kindred group.",
    ),
    "answer_newcomers": Words(
        "排两个人值班两周：每位新人说的第一句话，24 小时内一定有人接，并介绍一位聊得来的老群友。",
        "Put two people on duty for two weeks: every newcomer's first words get an answer within a day, and an introduction "
        "to a member they would get on with.",
    ),
    "answer_questions": Words(
        "今天先把没人回答的问题答掉；再请两三位懂行的群友轮流值日，答不上的写“我去问”，第二天回话。",
        "Answer the open questions today; then ask two or three who know the field to take turns, and where they do not "
        "know, to say so and come back the next day.",
    ),
    "pause_ads": Words(
        "停一周广告，在群里说一声；之后每周最多两次，固定时间发，其余时间只聊大家关心的。",
        "No ads for a week, and say so; after that at most two a week at a fixed time, and talk about what people came for.",
    ),
    "remove_fakes": Words(
        "对着名单逐个看：只发广告的、批量进群从不说话的，确认后移出；进群改成要审核。",
        "Go through the list one by one: those who only advertise, those who came in a batch and never spoke. Remove them "
        "once you are sure, and approve new members from now on.",
    ),
    "find_cohosts": Words(
        "私信请 2 到 3 位常接话的群友各认领一天，由他们起头；那天你晚一小时再说话，慢慢退到后面。",
        "Write to two or three members who often reply and let each take one day of the week to begin the talk; on that day "
        "hold back for an hour, and step by step keep more in the background.",
    ),
    "name_successors": Words(
        "先私下问走的人为什么走；再请 2 到 3 位还在说话的人接手他们做的事，在群里说清楚谁管什么。",
        "Ask those who went why, in private; then ask two or three who still speak to take over what they did, and tell the "
        "group who looks after what.",
    ),
    "open_the_circle": Words(
        "每天请一位没怎么说过话的人说说自己的事，让老面孔来接话；连做两周。",
        "Every day for two weeks, ask a member who hardly spoke to tell something of their own, and let the old faces reply.",
    ),
    "ask_for_themes": Words(
        "发个接龙，问大家最想聊哪一块；人数够的一两块各开一个小群，每个小群先定好一位主人。",
        "Ask in a poll what people most want to talk about; open a smaller group for the one or two themes with people "
        "enough, each with a host named beforehand.",
    ),
    "ask_both_groups": Words(
        "先跟两个群的骨干打招呼，再在小群里说清楚为什么合并、那边有什么；一周内逐个请过去，过去后点名介绍。",
        "Talk to the core of both groups first, then tell the smaller one why and what awaits them; invite people over one "
        "by one within a week, and introduce them by name.",
    ),
    "say_goodbye": Words(
        "发一段告别的话：谢谢大家、精华放在哪、还想聊的可以去哪个群；留一周，再解散。",
        "Post a farewell: thanks, where the best of it is kept, which group to go to; leave it for a week, then dissolve it.",
    ),
    "pass_on_fakes": Words(
        "把还在的真人逐个请到别的群，不要把整个群搬过去；然后解散这个群。",
        "Invite the real people who are left to another group one by one, never the group as a whole; then dissolve it.",
    ),
    "check_the_record": Words(
        "先别急着动群：打开群看一眼有没有人说话；有的话，检查接入账号是否掉线、导入的文件是否完整，补上再体检。",
        "Leave the group as it is and look into it: if people talk there, check whether the account is still connected and "
        "the imported files are complete, then audit again.",
    ),
    "ended_as_planned": Words("不用做什么：它完成了任务。", "Nothing to do: its job is done."),
    "look_again": Words(
        "先别加动作：话少了些，但没有哪里明显不对。照常接话，两周后再看一次。",
        "Do nothing new yet: less is said, but nothing is plainly wrong. Reply as always, and look again in two weeks.",
    ),
    "ask_what_happened": Words(
        "先别解散。找一位以前常说话的人私聊，问问后来怎么就不说了、还想不想聊；照他说的，再定是约大家回来还是好好告别。",
        "Do not dissolve it yet. Write to one former regular and ask why the talk stopped and whether they would still like to "
        "talk; decide by what they say whether to call people back or to say goodbye.",
    ),
    "keep_on": Words("照现在的样子继续，不用加动作。", "Go on as now; it needs nothing new."),
}
