"""Whatever goes wrong: what a carrier tells is enough to do everything once, or to know that one does not know."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from huoqun.carriers import registry
from huoqun.carriers.base import Asked, CutOff, Unreachable
from huoqun.vocabulary.outcomes import Outcome, Refused, Sent, TryLater, Unknown, Waiting
from tests.carriers.rigs import CUTS, RIGS, SENDING, FastClock, Rig

RUNS = 60
REQUESTS = 24


@pytest.mark.parametrize("name", RIGS)
@pytest.mark.method("L12")
def test_nothing_is_sent_twice_and_nothing_silently_dropped(name: str) -> None:
    """As the promise is meant to be used: repeat what may be repeated, look up what can be, else say unknown."""
    ends: set[type[Outcome]] = set()
    for seed in range(RUNS):
        chance = random.Random(seed)
        rig = RIGS[name](FastClock())
        ended = _try_everything(rig, _requests(rig, chance), chance)
        for key, outcome in ended.items():
            times = rig.times_done(key)
            ends.add(type(outcome))
            assert times <= 1, f"seed {seed}: {key} was done {times} times"
            if isinstance(outcome, Sent | Waiting):
                assert times == 1, f"seed {seed}: {key} was said to be sent and was not"
            elif isinstance(outcome, Refused):
                assert times == 0, f"seed {seed}: {key} was said to be refused and was done"
            else:
                assert isinstance(outcome, Unknown), f"seed {seed}: {key} never ended"
    assert ends - {Waiting} == {Sent, Refused, Unknown}, "the troubles of this test no longer reach every end"


def _requests(rig: Rig, chance: random.Random) -> list[Asked]:
    able = sorted(action for action, ability in rig.carrier.manifest.abilities.items() if ability.how == "api")
    return [Asked(key=f"k{number}", action=rig.sample(chance.choice(able), number)) for number in range(REQUESTS)]


def _try_everything(rig: Rig, requests: Sequence[Asked], chance: random.Random) -> dict[str, Outcome]:
    ended: dict[str, Outcome] = {}
    for _ in range(200):
        waiting = [request for request in requests if request.key not in ended]
        if not waiting:
            break
        if chance.random() < 0.7:
            rig.trouble(chance.choice(SENDING + CUTS), times=chance.randint(1, 3), seconds=chance.choice([1, 5, 90]))
        kind = type(waiting[0].action)
        limit = rig.carrier.manifest.ability(waiting[0].action).batch
        batch = [request for request in waiting if type(request.action) is kind][: min(limit, chance.randint(1, 8))]
        _send(rig, batch, ended)
    return ended


def _send(rig: Rig, batch: Sequence[Asked], ended: dict[str, Outcome]) -> None:
    try:
        outcomes = rig.carrier.send_many(batch)
    except Unreachable:
        rig.clock.sleep(60)
    except CutOff:
        for request in batch:
            if outcome := _after_a_cut(rig, request):
                ended[request.key] = outcome
    else:
        for request, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, TryLater):
                rig.clock.leap(outcome.after)
            else:
                ended[request.key] = outcome


def _after_a_cut(rig: Rig, request: Asked) -> Outcome | None:
    """None: send it again."""
    ability = rig.carrier.manifest.ability(request.action)
    if ability.repeatable:
        return None
    found = rig.carrier.look_up(request) if ability.can_ask else None
    if found is None:
        return Unknown(reason="cut off, and nobody can tell")
    return None if isinstance(found, TryLater) else found


def test_every_carrier_that_can_act_brings_its_rig() -> None:
    assert set(RIGS) == set(registry.manifests())
