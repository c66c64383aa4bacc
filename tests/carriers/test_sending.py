"""What every carrier promises when it is asked to do something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from huoqun.carriers import registry
from huoqun.carriers.base import LONGEST_CALL, Ability, Asked, Confirming, CutOff, Unreachable
from huoqun.vocabulary.outcomes import NeedsHand, Outcome, Refused, Sent, TryLater, Unknown, Waiting
from tests.carriers.rigs import Rig, Trouble

Wanted = Callable[[str, Ability], bool]


def each(wanted: Wanted) -> pytest.MarkDecorator:
    """Every carrier with every action it does in this way."""
    pairs = [
        pytest.param(name, action, id=f"{name}-{action}")
        for name, manifest in registry.manifests().items()
        for action, ability in manifest.abilities.items()
        if wanted(action, ability)
    ]
    return pytest.mark.parametrize(("rig", "action"), pairs, indirect=["rig"])


EVERY_ACTION = each(lambda action, ability: True)
SENT = each(lambda action, ability: ability.how == "api")
# Whether a colleague is still there is not the carrier's to know, and what is for everybody is about nobody who could be gone.
ABOUT_NOBODY = {"MessageStaff", "CloseCard", "MakeContactLink", "PostMoment", "MakeGroupWelcome"}
ABOUT_MEMBERS = each(lambda action, ability: ability.how == "api" and action not in ABOUT_NOBODY)
PACED = each(lambda action, ability: bool(ability.paces))
REPEATABLE = each(lambda action, ability: ability.repeatable)
FINDABLE = each(lambda action, ability: ability.can_ask)
IN_BATCHES = each(lambda action, ability: ability.batch > 1)
CONFIRMED = each(lambda action, ability: ability.confirmation is not None)
REMINDED = each(lambda action, ability: ability.confirmation is not None and ability.confirmation.reminders > 0)
TAKEN_BACK = each(lambda action, ability: ability.confirmation is not None and ability.confirmation.can_withdraw)

TAKEN = (Sent, Waiting)
"""The carrier has it: done, or a colleague confirms it."""


def asked(rig: Rig, action: str, key: str = "k", number: int = 0) -> Asked:
    return Asked(key=key, action=rig.sample(action, number))


@EVERY_ACTION
@pytest.mark.method("L12")
def test_every_action_has_an_answer(rig: Rig, action: str) -> None:
    ability = rig.carrier.manifest.abilities[action]
    outcome = rig.carrier.send(asked(rig, action))
    if ability.how == "api":
        assert isinstance(outcome, TAKEN)
    else:
        expected = NeedsHand(reason=ability.why) if ability.how == "hand" else Refused(reason=ability.why, for_good=True)
        assert outcome == expected
    assert rig.times_done("k") == (ability.how == "api")


@ABOUT_MEMBERS
def test_what_is_no_longer_there_is_refused_for_good_and_in_words(rig: Rig, action: str) -> None:
    outcome = rig.carrier.send(Asked(key="k", action=rig.pointless(action)))
    assert isinstance(outcome, Refused)
    assert outcome.for_good
    assert outcome.reason.endswith(".")
    assert rig.times_done("k") == 0


@SENT
def test_a_refusal_for_good_changes_nothing(rig: Rig, action: str) -> None:
    rig.trouble(Trouble.FORBIDDEN)
    outcome = rig.carrier.send(asked(rig, action))
    assert isinstance(outcome, Refused)
    assert outcome.for_good
    assert outcome.reason
    assert rig.times_done("k") == 0


@SENT
def test_an_answer_nobody_has_heard_before_goes_to_a_person(rig: Rig, action: str) -> None:
    rig.trouble(Trouble.STRANGE)
    outcome = rig.carrier.send(asked(rig, action))
    assert isinstance(outcome, Refused)
    assert not outcome.for_good
    assert outcome.reason
    assert rig.times_done("k") == 0


@SENT
def test_too_fast_says_how_long_to_wait_and_has_done_nothing(rig: Rig, action: str) -> None:
    request = asked(rig, action)
    rig.trouble(Trouble.TOO_FAST, seconds=7)
    outcome = rig.carrier.send(request)
    assert isinstance(outcome, TryLater)
    assert outcome.after == rig.wait(7)
    assert rig.times_done("k") == 0
    rig.clock.leap(outcome.after)
    assert isinstance(rig.carrier.send(request), TAKEN)
    assert rig.times_done("k") == 1


@PACED
def test_the_paces_of_the_manifest_are_those_of_the_far_side(rig: Rig, action: str) -> None:
    if not rig.tells_pace:
        pytest.skip("this far side takes too much without a word: its own tests show what becomes of it")
    paces = rig.carrier.manifest.abilities[action].paces
    pace = min(paces, key=lambda each: each.at_most)
    # One target for a pace by target or member; for a pace of the account it may be the same one as well.
    for number in range(pace.at_most):
        assert isinstance(rig.carrier.send(asked(rig, action, key=f"k{number}")), TAKEN)
    outcome = rig.carrier.send(asked(rig, action, key="one too many"))
    assert isinstance(outcome, TryLater)
    assert timedelta(0) < outcome.after <= pace.every
    rig.clock.leap(outcome.after)
    assert isinstance(rig.carrier.send(asked(rig, action, key="one too many")), TAKEN)
    assert rig.times_done("one too many") == 1


@PACED
def test_a_clock_put_back_makes_nobody_wait_longer_than_the_pace(rig: Rig, action: str) -> None:
    paces = rig.carrier.manifest.abilities[action].paces
    pace = min(paces, key=lambda each: each.at_most)
    for number in range(pace.at_most):
        rig.carrier.send(asked(rig, action, key=f"k{number}"))
    rig.clock.leap(timedelta(days=-400))
    outcome = rig.carrier.send(asked(rig, action, key="in the past"))
    assert isinstance(outcome, TAKEN) or outcome.after <= pace.every
    rig.clock.leap(timedelta(days=800))
    assert isinstance(rig.carrier.send(asked(rig, action, key="in the future")), TAKEN)


@SENT
def test_an_outage_does_nothing_and_says_so(rig: Rig, action: str) -> None:
    request = asked(rig, action)
    rig.trouble(Trouble.OUTAGE, times=2)
    for _ in range(2):
        with pytest.raises(Unreachable):
            rig.carrier.send(request)
    assert rig.times_done("k") == 0
    assert isinstance(rig.carrier.send(request), TAKEN)
    assert rig.times_done("k") == 1


@REPEATABLE
def test_repeatable_means_twice_is_once(rig: Rig, action: str) -> None:
    request = asked(rig, action)
    first = rig.carrier.send(request)
    rig.clock.leap(timedelta(days=3))
    assert rig.carrier.send(request) == first
    assert rig.carrier.send_many([request]) == [first]
    assert isinstance(first, TAKEN)
    assert rig.times_done("k") == 1


@SENT
@pytest.mark.parametrize(("cut", "done"), [(Trouble.CUT_BEFORE, 0), (Trouble.CUT_AFTER, 1)])
def test_a_call_cut_off_is_never_called_sent_or_refused(rig: Rig, action: str, cut: Trouble, done: int) -> None:
    rig.trouble(cut)
    with pytest.raises(CutOff):
        rig.carrier.send(asked(rig, action))
    assert rig.times_done("k") == done


@EVERY_ACTION
@pytest.mark.parametrize("cut", [Trouble.CUT_BEFORE, Trouble.CUT_AFTER])
def test_looking_up_tells_what_became_of_it(rig: Rig, action: str, cut: Trouble) -> None:
    ability = rig.carrier.manifest.abilities[action]
    request = asked(rig, action)
    if ability.how == "api":
        rig.trouble(cut)
        with pytest.raises(CutOff):
            rig.carrier.send(request)
    outcome = rig.carrier.look_up(request)
    if not ability.can_ask:
        assert outcome is None
    elif cut is Trouble.CUT_AFTER:
        assert isinstance(outcome, TAKEN)
    else:
        assert isinstance(outcome, TryLater)
        assert isinstance(rig.carrier.send(request), TAKEN)
    if ability.can_ask:
        assert rig.times_done("k") == 1


@FINDABLE
@pytest.mark.parametrize(("trouble", "error"), [(Trouble.OUTAGE, Unreachable), (Trouble.CUT_AFTER, CutOff)])
def test_a_look_up_that_fails_is_no_answer(rig: Rig, action: str, trouble: Trouble, error: type[Exception]) -> None:
    request = asked(rig, action)
    sent = rig.carrier.send(request)
    rig.trouble(trouble, looking_up=True)
    with pytest.raises(error):
        rig.carrier.look_up(request)
    assert rig.carrier.look_up(request) == sent


@SENT
def test_a_slow_call_is_waited_for_and_a_stuck_one_given_up_in_time(rig: Rig, action: str) -> None:
    rig.trouble(Trouble.SLOW, seconds=3)
    assert isinstance(rig.carrier.send(asked(rig, action)), TAKEN)
    began = rig.clock.now()
    rig.trouble(Trouble.SLOW, seconds=3600)
    with pytest.raises(CutOff):
        rig.carrier.send(asked(rig, action, key="stuck", number=1))
    assert rig.clock.now() - began <= LONGEST_CALL


@SENT
def test_a_batch_answers_each_in_its_place(rig: Rig, action: str) -> None:
    size = min(rig.carrier.manifest.abilities[action].batch, 100)
    batch = [asked(rig, action, key=f"k{number}", number=number) for number in range(size)]
    if action not in ABOUT_NOBODY:
        batch[size // 2] = Asked(key="bad", action=rig.pointless(action))
    outcomes = rig.carrier.send_many(batch)
    assert len(outcomes) == size
    for request, outcome in zip(batch, outcomes, strict=True):
        assert isinstance(outcome, Refused if request.key == "bad" else TAKEN)
        assert rig.times_done(request.key) == (request.key != "bad")
    names = {each.message_id for each in outcomes if isinstance(each, TAKEN) and each.message_id}
    # What a colleague confirms in one go has one name.
    assert len(names) in {0, size, size - 1} or all(isinstance(each, Waiting | Refused) for each in outcomes)


@IN_BATCHES
def test_the_full_batch_of_the_manifest_is_taken(rig: Rig, action: str) -> None:
    size = rig.carrier.manifest.abilities[action].batch
    outcomes = rig.carrier.send_many([asked(rig, action, key=f"k{number}", number=number) for number in range(size)])
    assert all(isinstance(each, TAKEN) for each in outcomes)


@IN_BATCHES
def test_of_a_batch_cut_off_halfway_each_is_known_or_admitted_to_be_unknown(rig: Rig, action: str) -> None:
    ability = rig.carrier.manifest.abilities[action]
    batch = [asked(rig, action, key=f"k{number}", number=number) for number in range(10)]
    rig.trouble(Trouble.CUT_HALFWAY)
    try:
        outcomes = rig.carrier.send_many(batch)
    except CutOff:
        outcomes = [Unknown(reason="the whole batch was cut off")] * len(batch)
    rig.all_clear()
    done = [rig.times_done(request.key) for request in batch]
    assert set(done) == {0, 1}
    assert any(isinstance(each, Unknown) for each in outcomes)
    for request, outcome, times in zip(batch, outcomes, done, strict=True):
        if isinstance(outcome, Unknown):
            found = rig.carrier.look_up(request)
            assert isinstance(found, TAKEN) == bool(times) if ability.can_ask else found is None
        else:
            assert isinstance(outcome, TAKEN) == bool(times)


def waiting(rig: Rig, action: str) -> tuple[Confirming, Asked]:
    """Something that was asked and waits."""
    request = asked(rig, action)
    outcome = rig.carrier.send(request)
    assert isinstance(outcome, Waiting)
    assert outcome.message_id
    assert outcome.reason.endswith(".")
    assert isinstance(rig.carrier, Confirming)
    return rig.carrier, replace(request, message_id=outcome.message_id)


def _one(answers: list[Outcome | None]) -> Outcome | None:
    (answer,) = answers
    return answer


@CONFIRMED
def test_what_nobody_has_confirmed_waits_and_is_sent_when_somebody_has(rig: Rig, action: str) -> None:
    carrier, request = waiting(rig, action)
    assert isinstance(_one(carrier.follow([request])), Waiting | None)
    rig.confirm("k")
    assert isinstance(_one(carrier.follow([request])), Sent)
    assert rig.times_done("k") == 1


@CONFIRMED
@pytest.mark.parametrize(("trouble", "error"), [(Trouble.OUTAGE, Unreachable), (Trouble.CUT_AFTER, CutOff)])
def test_following_that_fails_is_no_answer(rig: Rig, action: str, trouble: Trouble, error: type[Exception]) -> None:
    carrier, request = waiting(rig, action)
    rig.trouble(trouble, looking_up=True)
    with pytest.raises(error):
        carrier.follow([request])
    rig.confirm("k")
    assert isinstance(_one(carrier.follow([request])), Sent)


@REMINDED
def test_a_colleague_is_reminded_as_often_as_the_manifest_says_and_no_more(rig: Rig, action: str) -> None:
    carrier, request = waiting(rig, action)
    told = rig.carrier.manifest.abilities[action].confirmation
    assert told is not None
    assert [type(carrier.remind(request)) for _ in range(told.reminders)] == [Sent] * told.reminders
    later = carrier.remind(request)
    assert isinstance(later, TryLater)
    assert timedelta(0) < later.after <= told.every
    rig.clock.leap(later.after)
    assert isinstance(carrier.remind(request), Sent)


@TAKEN_BACK
def test_what_was_taken_back_is_never_sent(rig: Rig, action: str) -> None:
    carrier, request = waiting(rig, action)
    assert isinstance(_one(carrier.withdraw([request])), Refused)
    rig.confirm("k")
    assert isinstance(_one(carrier.withdraw([request])), Refused)


@TAKEN_BACK
def test_taking_back_what_was_confirmed_says_that_it_is_out(rig: Rig, action: str) -> None:
    carrier, request = waiting(rig, action)
    rig.confirm("k")
    assert isinstance(_one(carrier.withdraw([request])), Sent)


@EVERY_ACTION
def test_an_empty_batch_is_no_call(rig: Rig, action: str) -> None:
    assert rig.carrier.send_many([]) == []


def test_actions_of_another_account_are_not_taken(rig: Rig) -> None:
    action = rig.sample("PostToGroup")
    strange = replace(action, account=replace(action.account, community="elsewhere"))
    with pytest.raises(ValueError, match="elsewhere"):
        rig.carrier.send(Asked(key="k", action=strange))
    assert rig.times_done("k") == 0
