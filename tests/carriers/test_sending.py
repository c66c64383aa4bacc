"""What every carrier promises when it is asked to do something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from huoqun.carriers import registry
from huoqun.carriers.base import LONGEST_CALL, Ability, Asked, CutOff, Unreachable
from huoqun.vocabulary.outcomes import NeedsHand, Refused, Sent, TryLater
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
# Whether a colleague is still there is not the carrier's to know.
ABOUT_MEMBERS = each(lambda action, ability: ability.how == "api" and action != "MessageStaff")
PACED = each(lambda action, ability: bool(ability.paces))
REPEATABLE = each(lambda action, ability: ability.repeatable)
FINDABLE = each(lambda action, ability: ability.can_ask)
IN_BATCHES = each(lambda action, ability: ability.batch > 1)


def asked(rig: Rig, action: str, key: str = "k", number: int = 0) -> Asked:
    return Asked(key=key, action=rig.sample(action, number))


@EVERY_ACTION
@pytest.mark.method("L12")
def test_every_action_has_an_answer(rig: Rig, action: str) -> None:
    ability = rig.carrier.manifest.abilities[action]
    outcome = rig.carrier.send(asked(rig, action))
    if ability.how == "api":
        assert isinstance(outcome, Sent)
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
    assert outcome.after == timedelta(seconds=7)
    assert rig.times_done("k") == 0
    rig.clock.leap(outcome.after)
    assert isinstance(rig.carrier.send(request), Sent)
    assert rig.times_done("k") == 1


@PACED
def test_the_paces_of_the_manifest_are_those_of_the_far_side(rig: Rig, action: str) -> None:
    paces = rig.carrier.manifest.abilities[action].paces
    pace = min(paces, key=lambda each: each.at_most)
    # One target for a pace by target or member; for a pace of the account it may be the same one as well.
    for number in range(pace.at_most):
        assert isinstance(rig.carrier.send(asked(rig, action, key=f"k{number}")), Sent)
    outcome = rig.carrier.send(asked(rig, action, key="one too many"))
    assert isinstance(outcome, TryLater)
    assert timedelta(0) < outcome.after <= pace.every
    rig.clock.leap(outcome.after)
    assert isinstance(rig.carrier.send(asked(rig, action, key="one too many")), Sent)
    assert rig.times_done("one too many") == 1


@PACED
def test_a_clock_put_back_makes_nobody_wait_longer_than_the_pace(rig: Rig, action: str) -> None:
    paces = rig.carrier.manifest.abilities[action].paces
    pace = min(paces, key=lambda each: each.at_most)
    for number in range(pace.at_most):
        rig.carrier.send(asked(rig, action, key=f"k{number}"))
    rig.clock.leap(timedelta(days=-400))
    outcome = rig.carrier.send(asked(rig, action, key="in the past"))
    assert isinstance(outcome, Sent) or outcome.after <= pace.every
    rig.clock.leap(timedelta(days=800))
    assert isinstance(rig.carrier.send(asked(rig, action, key="in the future")), Sent)


@SENT
def test_an_outage_does_nothing_and_says_so(rig: Rig, action: str) -> None:
    request = asked(rig, action)
    rig.trouble(Trouble.OUTAGE, times=2)
    for _ in range(2):
        with pytest.raises(Unreachable):
            rig.carrier.send(request)
    assert rig.times_done("k") == 0
    assert isinstance(rig.carrier.send(request), Sent)
    assert rig.times_done("k") == 1


@REPEATABLE
def test_repeatable_means_twice_is_once(rig: Rig, action: str) -> None:
    request = asked(rig, action)
    first = rig.carrier.send(request)
    rig.clock.leap(timedelta(days=3))
    assert rig.carrier.send(request) == first
    assert rig.carrier.send_many([request]) == [first]
    assert isinstance(first, Sent)
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
        assert isinstance(outcome, Sent)
    else:
        assert isinstance(outcome, TryLater)
        assert isinstance(rig.carrier.send(request), Sent)
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
    assert isinstance(rig.carrier.send(asked(rig, action)), Sent)
    began = rig.clock.now()
    rig.trouble(Trouble.SLOW, seconds=3600)
    with pytest.raises(CutOff):
        rig.carrier.send(asked(rig, action, key="stuck", number=1))
    assert rig.clock.now() - began <= LONGEST_CALL


@SENT
def test_a_batch_answers_each_in_its_place(rig: Rig, action: str) -> None:
    size = min(rig.carrier.manifest.abilities[action].batch, 100)
    batch = [asked(rig, action, key=f"k{number}", number=number) for number in range(size)]
    if action != "MessageStaff":
        batch[size // 2] = Asked(key="bad", action=rig.pointless(action))
    outcomes = rig.carrier.send_many(batch)
    assert len(outcomes) == size
    for request, outcome in zip(batch, outcomes, strict=True):
        assert isinstance(outcome, Refused if request.key == "bad" else Sent)
        assert rig.times_done(request.key) == (request.key != "bad")
    assert len({each.message_id for each in outcomes if isinstance(each, Sent) and each.message_id}) in {0, size - 1}


@IN_BATCHES
def test_the_full_batch_of_the_manifest_is_taken(rig: Rig, action: str) -> None:
    size = rig.carrier.manifest.abilities[action].batch
    outcomes = rig.carrier.send_many([asked(rig, action, key=f"k{number}", number=number) for number in range(size)])
    assert [type(each) for each in outcomes] == [Sent] * size


@IN_BATCHES
def test_of_a_batch_cut_off_halfway_each_is_known_or_admitted_to_be_unknown(rig: Rig, action: str) -> None:
    ability = rig.carrier.manifest.abilities[action]
    batch = [asked(rig, action, key=f"k{number}", number=number) for number in range(10)]
    rig.trouble(Trouble.CUT_HALFWAY)
    with pytest.raises(CutOff):
        rig.carrier.send_many(batch)
    done = [rig.times_done(request.key) for request in batch]
    assert set(done) == {0, 1}
    if ability.can_ask:
        found = [rig.carrier.look_up(request) for request in batch]
        assert [isinstance(each, Sent) for each in found] == [bool(times) for times in done]


@EVERY_ACTION
def test_an_empty_batch_is_no_call(rig: Rig, action: str) -> None:
    assert rig.carrier.send_many([]) == []


def test_actions_of_another_account_are_not_taken(rig: Rig) -> None:
    action = rig.sample("PostToGroup")
    strange = replace(action, account=replace(action.account, community="elsewhere"))
    with pytest.raises(ValueError, match="elsewhere"):
        rig.carrier.send(Asked(key="k", action=strange))
    assert rig.times_done("k") == 0
