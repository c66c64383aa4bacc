"""What `huoqun audit` says at the terminal, Chinese and English side by side, where the report has no words for it."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.health.life.wording import Words

TEXT: Mapping[str, Words] = {
    "reading": Words("读取", "reading"),
    "read": Words(
        "{formats}：读了 {records} 条，{bad} 条读不懂。", "{formats}: {records} records read, {bad} could not be read."
    ),
    "bad_more": Words("……另有 {n} 条。", "... and {n} more."),
    "strangers": Words(
        "名单里有 {n} 个账号在这些文件里没有出现过。", "Accounts on the house list that do not appear in these files: {n}."
    ),
    "house": Words("没有计入 {n} 个机器人、工作人员和托的账号。", "Accounts of bots, staff and helpers left out: {n}."),
    "utc": Words(
        "一天按 UTC 从零点到零点算；要按当地时间，请加 --zone Asia/Shanghai。",
        "Days run from midnight to midnight in UTC; for local days add --zone Asia/Shanghai.",
    ),
    "written": Words("报告已写到 {path}", "Report written to {path}"),
    "no_chinese_font": Words(
        "{path} 没有写：这台机器没有中文字体。装上 Debian 的软件包 {package} 再来一次；--html 不需要字体。",
        "{path} was not written: this machine has no Chinese font. Install the Debian package {package} and try again; --html "
        "needs none.",
    ),
    "colon": Words("：", ": "),
    "last_message": Words("最近一条", "Last message"),
    "nobody": Words(
        "这些文件里除了机器人和自己人，没有人说过话，没有可以体检的。",
        "Nobody but house accounts has said anything in these files, so there is nothing to audit.",
    ),
    "nobody_yet": Words(
        "到 {day} 为止除了机器人和自己人，还没有人说过话；请换一个更晚的 --as-of，或者不写。",
        "Nobody but house accounts had said anything by {day}: name a later day with --as-of, or leave it out.",
    ),
    "no_talk": Words("没见到有人说话", "no talk seen"),
}


def say(name: str, language: str, **figures: object) -> str:
    return TEXT[name].say(language).format(**figures)


def language_of(environment: Mapping[str, str]) -> str:
    """English where the terminal's language is English, Chinese everywhere else."""
    locale = environment.get("LC_ALL") or environment.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "zh-hans"
