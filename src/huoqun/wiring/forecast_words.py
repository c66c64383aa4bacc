"""What `huoqun health` says at the terminal, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.health.life.wording import Words

TEXT: Mapping[str, Words] = {
    "title": Words("{day} 起 30 天内没有人再说话的可能", "How likely nobody speaks in the 30 days after {day}"),
    "group": Words("群", "group"),
    "chance": Words("可能", "chance"),
    "interval": Words("区间（90 %）", "interval (90 %)"),
    "why": Words("最要紧的原因", "what weighs most"),
    "days_read": Words("按天汇总的表：读了 {rows} 行。", "A table of groups by day: {rows} rows read."),
    "model": Words("模型：{model}。", "Model: {model}."),
    "record": Words("过去准不准：", "Track record: "),
    "nobody_yet": Words(
        "到 {day} 为止除了机器人和自己人，还没有人说过话；请换一个更晚的 --as-of，或者不写。",
        "Nobody but house accounts had said anything by {day}: name a later day with --as-of, or leave it out.",
    ),
    "nobody": Words(
        "这些文件里除了机器人和自己人，没有人说过话，没有可以预测的。",
        "Nobody but house accounts has said anything in these files, so there is nothing to forecast.",
    ),
    "past": Words(
        "可学的历史：{windows} 个 30 天，{groups} 个说过话的群，{silences} 次安静。",
        "History to learn from: {windows} windows of 30 days, {groups} groups that talked, {silences} silences.",
    ),
    "not_enough": Words(
        "还不够长：要有 {windows} 个 30 天、{groups} 个群、{silences} 次安静。继续用随软件提供的模型。",
        "Not long enough: {windows} windows, {groups} groups and {silences} silences are needed. "
        "The shipped model stays in use.",
    ),
    "beside": Words(
        "往回检验 {forecasts} 次：自己的模型平方误差 {own_brier}、排序 {own_auc}；随软件提供的 {brier}、{auc}。",
        "Looking back at {forecasts} forecasts: own model squared error {own_brier}, order {own_auc}; shipped {brier}, {auc}.",
    ),
    "no_record": Words("过去可检验的太少，比不出高下。", "Too little of the past can be checked to compare the two."),
    "own_used": Words("自己的模型更准，之后的体检用它：{path}", "The own model did better; audits use it from now on: {path}"),
    "shipped_used": Words(
        "自己的模型没有更准，体检继续用随软件提供的；它仍存在 {path}",
        "The own model did no better; audits go on with the shipped one. It is kept in {path}",
    ),
    "no_history": Words("这个社群还没有历史，请先导入。", "This community has no history yet: import some first."),
}


def say(name: str, language: str, **figures: object) -> str:
    return TEXT[name].say(language).format(**figures)
