"""The one next action: from causes, state, what can still be saved, and what the group is worth beyond talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .case import Case
from .findings import Action, Cause
from .thresholds import BUYERS_COUNT, LONG_GONE, OVER, PEOPLE_TO_REVIVE, RECOVERABLE_DAYS, SPLIT_MEMBERS, STILL

UNROOTED = frozenset({"no_purpose", "burst_then_silence"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What an action costs in hours a week, which figures tell whether it helps, and after how many days to look."""

    effort: float
    watch: tuple[str, ...]
    days: int


KINDS = {
    "revive": Kind(3.0, ("speakers_30d", "days_active_30d", "member_starts"), 28),
    "welcome_and_answer": Kind(2.0, ("first_words_answered", "unanswered", "spoke_within_7d_share"), 28),
    "thin_out_ads": Kind(0.5, ("ads_share", "leavers_after_broadcast", "speakers_30d"), 28),
    "share_the_load": Kind(1.5, ("member_starts", "house_starts_share", "talk_kept_without_house"), 42),
    "split": Kind(4.0, ("speakers_30d", "speakers_a_day", "members"), 42),
    "merge": Kind(2.0, ("speakers_30d", "messages_30d", "leaves_30d"), 28),
    "farewell": Kind(0.5, ("messages_7d", "leaves_30d"), 7),
    "leave_alone": Kind(0.0, ("messages_30d", "speakers_30d"), 30),
}


QUICK = {"ask_what_happened": 0.5}
"""First steps that cost less than what they may lead to."""


def keep_on(case: Case) -> Action:
    """A group that is well needs nothing new."""
    return _action("leave_alone", "keep_on", case, "messages_30d", "speakers_30d")


def unknown(case: Case) -> Action:
    """Nothing was ever heard of this group: see first whether it is heard at all."""
    return _action("leave_alone", "check_the_record", case)


def next_action(case: Case, causes: Sequence[Cause], *, by_chance: bool = False) -> Action:
    """`by_chance`: without a cause, most speaks for a low that passes by itself."""
    first = causes[0].code if causes else ""
    if case.state == "planned_end" or first == "season_closed":
        return _after_the_season(case)
    if first == "record_gap":
        return _action("leave_alone", "check_the_record", case, "days_silent")
    if case.silent and not _recoverable(case, {cause.code for cause in causes}):
        return _let_go(case, first)
    if first in _BY_CAUSE:
        return _BY_CAUSE[first](case)
    if not causes and case.state == "bubbling" and not case.fell:
        return _action("leave_alone", "keep_on", case, "messages_30d", "speakers_30d")
    if not causes and not case.silent and by_chance:
        return _action("leave_alone", "look_again", case, "messages_30d", "speakers_30d")
    return _revive("ask_regulars", case)


def _recoverable(case: Case, causes: set[str]) -> bool:
    """Whether enough people were there not too long ago. A group that never took root is not woken but founded anew."""
    silence, people = case.number("days_silent"), case.number("speakers_90d")
    alive = case.number("p_alive") or 0.0
    if people is not None and people < PEOPLE_TO_REVIVE and "too_small" not in causes:
        return False
    if silence is not None and silence > LONG_GONE:
        return False
    if case.state == "dead":
        return False if causes & UNROOTED or silence is None else silence <= RECOVERABLE_DAYS
    return alive > 0.0 or silence is None or silence <= RECOVERABLE_DAYS


def _after_the_season(case: Case) -> Action:
    """A season's people deserve a word of thanks and somewhere to go; a flash group was told its end when it began. Where they
    go on talking, let them."""
    silence = case.number("days_silent")
    if silence is not None and silence < STILL:
        return _action("leave_alone", "keep_on", case, "messages_30d", "speakers_30d")
    if case.plan.lifecycle == "seasonal" and silence is not None and silence <= RECOVERABLE_DAYS:
        return _action("farewell", "say_goodbye", case, "days_silent", "members", "speakers_90d")
    return _action("leave_alone", "ended_as_planned", case, "days_silent")


def _let_go(case: Case, cause: str) -> Action:
    """No farewell to people who buy without talking (A21), none where they could live on in another group, and none before
    somebody was asked where nobody knows what happened; after a year all of this is past."""
    if (case.number("silent_buyers_90d") or 0) >= BUYERS_COUNT:
        return _action("revive", "ask_buyers", case, "silent_buyers_90d", "buyers_90d", "orders_90d", "days_silent")
    over = (case.number("days_silent") or 0) > OVER
    if not cause and not over:
        return _revive("ask_what_happened", case)
    if case.partner is not None and not over:
        return _merge(case)
    step = "pass_on_fakes" if cause == "bots_and_fakes" else "say_goodbye"
    return _action("farewell", step, case, "days_silent", "p_alive", "speakers_90d", "life_days")


def _merge(case: Case) -> Action:
    partner = case.partner
    if partner is None:
        raise ValueError("there is no group to merge with")
    figures = {"shared": partner.shared, **case.known("members", "speakers_90d", "days_silent")}
    kind = KINDS["merge"]
    return Action(
        code="merge",
        first_step="ask_both_groups",
        figures=figures,
        effort=kind.effort,
        watch=kind.watch,
        watch_days=kind.days,
        with_group=partner.group_key,
    )


def _too_small(case: Case) -> Action:
    if case.partner is not None:
        return _merge(case)
    return _let_go(case, "too_small") if case.silent else _revive("bring_friends", case)


def _too_large(case: Case) -> Action:
    if (case.number("members") or 0) < SPLIT_MEMBERS:
        return _revive("topic_a_day", case)
    return _action("split", "ask_for_themes", case, "members", "speakers_90d", "speakers_30d")


def _ads(case: Case) -> Action:
    return _action("thin_out_ads", "pause_ads", case, "ads_share", "ads_90d", "ad_days", "leavers_after_broadcast")


def _fakes(case: Case) -> Action:
    return _action("thin_out_ads", "remove_fakes", case, "fakes_people", "fakes_share", "ads_by_members")


def _newcomers(case: Case) -> Action:
    return _action("welcome_and_answer", "answer_newcomers", case, "first_words", "first_words_answered", "newcomers_90d")


def _questions(case: Case) -> Action:
    return _action("welcome_and_answer", "answer_questions", case, "questions_90d", "unanswered_90d")


def _operator(case: Case) -> Action:
    figures = ("house_starts_share", "talk_kept_without_house", "house_silent_days", "speakers_90d")
    if case.silent:
        return _revive("restart_weekly", case)
    return _action("share_the_load", "find_cohosts", case, *figures)


def _key_people(case: Case) -> Action:
    if case.silent:
        return _revive("ask_regulars", case)
    return _action("share_the_load", "name_successors", case, "key_left", "key_left_share", "speakers_30d")


def _faces(case: Case) -> Action:
    if case.silent:
        return _revive("topic_a_day", case)
    return _action("welcome_and_answer", "open_the_circle", case, "top5_share_now", "new_faces_share", "speakers_30d")


def _unrooted(case: Case) -> Action:
    return _revive("restart_weekly", case)


def _purpose(case: Case) -> Action:
    return _revive("say_what_for", case)


_BY_CAUSE = {
    "no_purpose": _purpose,
    "burst_then_silence": _unrooted,
    "operator_dependent": _operator,
    "same_old_faces": _faces,
    "ad_fatigue": _ads,
    "newcomers_ignored": _newcomers,
    "questions_unanswered": _questions,
    "key_people_left": _key_people,
    "bots_and_fakes": _fakes,
    "too_large": _too_large,
    "too_small": _too_small,
}


def _revive(step: str, case: Case) -> Action:
    return _action("revive", step, case, "speakers_90d", "days_silent", "p_alive", "silent_buyers_90d")


def _action(code: str, step: str, case: Case, *figures: str) -> Action:
    kind = KINDS[code]
    return Action(
        code=code,
        first_step=step,
        figures=case.known(*figures),
        effort=QUICK.get(step, kind.effort),
        watch=kind.watch,
        watch_days=kind.days,
    )
