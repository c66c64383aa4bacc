"""Forecasts, their reasons and their record in words, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.health.life.wording import Words

from .values import FEWEST_FORECASTS, FEWEST_SILENCES, Reason, Track

REASONS: Mapping[str, Words] = {
    "quiet_for": Words(
        "已经 {silent} 天没人说话，平时约 {pace} 天就有一天有人说话",
        "nobody has spoken for {silent} days; people usually spoke about every {pace} days",
    ),
    "spoke_lately": Words(
        "最近一次说话在 {silent} 天前，平时约 {pace} 天说一次话，不算反常",
        "last spoken {silent} days ago, nothing unusual at a pace of about {pace} days",
    ),
    "spoke_today": Words("当天还有人说话", "people spoke that very day"),
    "few_days": Words(
        "最近 {known_90} 天里只有 {days_90} 天有人说话", "people spoke on only {days_90} of the last {known_90} days"
    ),
    "many_days": Words("最近 {known_90} 天里有 {days_90} 天有人说话", "people spoke on {days_90} of the last {known_90} days"),
    "falling": Words(
        "比自己近三个月少：最近 30 天 {messages_30} 条、{days_30} 天有人说话，近三个月平均每 30 天 {month_of_90} 条",
        "less than in its last three months: {messages_30} messages on {days_30} days of 30, against {month_of_90} usually",
    ),
    "rising": Words(
        "不比自己近三个月少：最近 30 天 {messages_30} 条、{days_30} 天有人说话，近三个月平均每 30 天 {month_of_90} 条",
        "no less than in its last three months: {messages_30} messages on {days_30} days of 30, against {month_of_90} usually",
    ),
    "past_against": Words(
        "最近 {known_365} 天里共 {days_365} 天有人说话，照以往看这样的群更容易安静下来",
        "people spoke on {days_365} of the last {known_365} days; groups with such a year fell silent more often",
    ),
    "past_for": Words(
        "最近 {known_365} 天里共 {days_365} 天有人说话，照以往看这样的群不容易安静下来",
        "people spoke on {days_365} of the last {known_365} days; groups with such a year fell silent less often",
    ),
    "few_voices": Words("有人说话的日子里平均只有 {voices} 个人开口", "only {voices} people speak on a day with talk"),
    "many_voices": Words("有人说话的日子里平均有 {voices} 个人开口", "{voices} people speak on a day with talk"),
    "young": Words(
        "第一次有人说话才过了 {age} 天，新群更容易散", "its first talk was only {age} days ago: young groups end sooner"
    ),
    "grown": Words(
        "第一次有人说话已过了 {age} 天，老群不容易散", "its first talk was {age} days ago: grown groups last longer"
    ),
    "rhythm_against": Words(
        "一年里超过 30 天没人说话的有 {sleeps} 次，常见的安静约 {usual_silence} 天",
        "{sleeps} silences of more than 30 days within a year; its usual silence is about {usual_silence} days",
    ),
    "rhythm_for": Words(
        "节奏稳：一年里超过 30 天没人说话的有 {sleeps} 次，常见的安静约 {usual_silence} 天",
        "an even rhythm: {sleeps} silences of more than 30 days within a year; its usual silence is about {usual_silence} days",
    ),
}

MODELS: Mapping[str, Words] = {
    "shipped": Words(
        "随软件提供的模型，只用生成的社群训练，没有见过你的群",
        "the model that comes with the software, trained on generated communities only; it has not seen yours",
    ),
    "own": Words("用你自己的历史训练的模型", "a model trained on your own history"),
}

WHY_NONE: Mapping[str, Words] = {
    "past_too_short": Words(
        "历史不到 60 天，还没法检验这种预测过去准不准",
        "fewer than 60 days of history: how such forecasts would have done cannot be checked yet",
    ),
    "too_few_forecasts": Words(
        f"能检验的判断不到 {FEWEST_FORECASTS} 次，还说不出准不准",
        f"fewer than {FEWEST_FORECASTS} forecasts can be checked: too few to say how good they are",
    ),
    "too_few_silences": Words(
        f"过去变安静或没变安静的群不到 {FEWEST_SILENCES} 次，还说不出准不准",
        f"fewer than {FEWEST_SILENCES} groups fell silent, or did not: too few to say how good forecasts are",
    ),
}

RECORD = Words(
    "在你自己的历史上检验（往回 {windows} 个 30 天，{groups} 个群，{forecasts} 次判断，其中 {silences} 次真的安静了）："
    "把会安静的排在前面的比例 {auc}（{auc_low}–{auc_high}），平均偏差 {off} 个百分点，"
    "平方误差 {brier}（总说平均比例是 {brier_base}）。",
    "Checked on your own past ({windows} times 30 days back, {groups} groups, {forecasts} forecasts, {silences} of which came "
    "true): it puts a group that fell silent before one that did not in {auc} of pairs ({auc_low}–{auc_high}); mean departure "
    "{off} points, squared error {brier} (always saying the average: {brier_base}).",
)
LEAD = Words(
    "{ended} 次安静里有 {warned} 次在最后一句话之前就过半；通常在安静满 30 天之前 {lead_days} 天过半。",
    "Of {ended} silences {warned} were given more than even odds before the last words; usually {lead_days} days before 30 "
    "silent days were complete.",
)
NO_LEAD = Words(
    "{ended} 次安静里有 {warned} 次在最后一句话之前就过半；多数没能提前提醒。",
    "Of {ended} silences {warned} were given more than even odds before the last words; of most there was no warning.",
)


def reason_told(reason: Reason, language: str) -> str:
    return REASONS[reason.code].say(language).format(**{name: f"{value:g}" for name, value in reason.figures.items()})


def record_told(track: Track | None, why_none: str, language: str) -> str:
    """The track record in a sentence or two, or why there is none: what stands beside every forecast."""
    if track is None:
        return WHY_NONE[why_none].say(language)
    figures = {
        "windows": track.windows,
        "groups": track.groups,
        "forecasts": track.forecasts,
        "silences": track.silences,
        "auc": f"{track.auc:.2f}",
        "auc_low": f"{track.auc_low:.2f}",
        "auc_high": f"{track.auc_high:.2f}",
        "off": f"{100 * track.calibration_error:.1f}",
        "brier": f"{track.brier:.3f}",
        "brier_base": f"{track.brier_base:.3f}",
    }
    lead = NO_LEAD if track.lead_days is None else LEAD
    lead_figures = {"ended": track.ended, "warned": track.warned, "lead_days": track.lead_days}
    gap = "" if language.lower().startswith("zh") else " "
    return RECORD.say(language).format(**figures) + gap + lead.say(language).format(**lead_figures)
