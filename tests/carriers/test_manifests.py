"""What manifests say is complete, dated, sourced, and the same on the page for people."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import polib
import pytest

from huoqun.carriers import registry
from huoqun.carriers.base import Ability, Confirmation, Confirming, Manifest, Pace
from huoqun.vocabulary.actions import ACTIONS, GroupAction, PersonAction, reaches_people
from huoqun.vocabulary.ids import Account
from tests.carriers.rigs import RIGS, FastClock

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "actions.md").read_text(encoding="utf-8")
CATALOGUES = ("src/huoqun/carriers/locale", "src/huoqun/carriers/{name}/locale")
"""Sentences of all carriers, and of one that has pages of its own."""
MANIFESTS = registry.manifests()
BY_NAME = pytest.mark.parametrize("name", MANIFESTS)
EVERY = pytest.mark.parametrize("action", ACTIONS)

WAITS = Confirmation(within=timedelta(days=1), as_of=date(2026, 11, 22), source="written down by us for the tests")
WORDS = {"api": "by itself", "hand": "by hand", "no": "no"}


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the table under a heading, by what stands in their first column."""
    part = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


def test_every_action_has_its_line_and_no_line_is_left_over() -> None:
    assert list(table("Actions")) == list(ACTIONS)


@EVERY
def test_its_fields_are_named(action: str) -> None:
    kind = ACTIONS[action]
    shared = {"account", "group_id"} if issubclass(kind, GroupAction) else {"account"}
    shared |= {"member_id"} if issubclass(kind, PersonAction) else set()
    named, meaning, reaching = table("Actions")[action]
    assert re.findall(r"`(\w+)`", named) == [field.name for field in fields(kind) if field.name not in shared]
    assert meaning
    assert reaching in {"yes", "no"}


@EVERY
def test_whether_it_counts_as_reaching_people_is_told(action: str) -> None:
    sample = next(iter(RIGS.values()))(FastClock()).sample(action)
    assert table("Actions")[action][2] == ("yes" if reaches_people(sample) else "no")


@BY_NAME
@EVERY
def test_the_page_says_who_can_do_what(name: str, action: str) -> None:
    heading = next(line for line in PAGE.splitlines() if line.startswith("| action | ") and MANIFESTS[name].title in line)
    column = [cell.strip() for cell in heading.strip("| ").split(" | ")].index(MANIFESTS[name].title) - 1
    ability = MANIFESTS[name].abilities[action]
    assert table("Who can do what")[action][column] == _told(ability)


def _told(ability: Ability) -> str:
    marks = [
        WORDS[ability.how],
        *(mark for mark, true in _marks(ability) if true),
    ]
    return ", ".join(marks + [f"{pace.at_most} {_span(pace)} and {pace.per}" for pace in ability.paces])


def _marks(ability: Ability) -> tuple[tuple[str, bool], ...]:
    return ("again", ability.repeatable), ("look up", ability.can_ask), ("confirmed", ability.confirmation is not None)


def _span(pace: Pace) -> str:
    return {60: "a minute", 3600: "an hour", 86400: "a day"}[round(pace.every.total_seconds())]


@BY_NAME
def test_paces_were_looked_at_by_somebody_and_not_in_the_future(name: str) -> None:
    paces = [pace for ability in MANIFESTS[name].abilities.values() for pace in ability.paces]
    assert all(date(2025, 1, 1) <= pace.as_of <= date.today() for pace in paces)
    assert all(len(pace.source) > 10 for pace in paces)


@BY_NAME
def test_what_waits_for_confirmations_can_be_followed(name: str) -> None:
    told = [ability.confirmation for ability in MANIFESTS[name].abilities.values() if ability.confirmation]
    assert all(date(2025, 1, 1) <= each.as_of <= date.today() and len(each.source) > 10 for each in told)
    assert not told or isinstance(RIGS[name](FastClock()).carrier, Confirming)


def _chinese(name: str) -> dict[str, str]:
    files = [ROOT / folder.format(name=name) / "zh_Hans/LC_MESSAGES/django.po" for folder in CATALOGUES]
    return {entry.msgid: entry.msgstr for file in files if file.exists() for entry in polib.pofile(str(file))}


@BY_NAME
def test_reasons_are_sentences_that_have_their_chinese(name: str) -> None:
    chinese = _chinese(name)
    reasons = [ability.why for ability in MANIFESTS[name].abilities.values() if ability.why]
    assert all(reason.endswith(".") and chinese.get(reason) for reason in reasons)
    assert chinese.get(MANIFESTS[name].title)


@BY_NAME
def test_the_rig_tests_the_carrier_of_that_name(name: str) -> None:
    rig = RIGS[name](FastClock())
    assert rig.carrier.manifest == MANIFESTS[name]
    assert MANIFESTS[name].name == name


def test_an_account_nobody_can_act_for_is_said_to_be_one() -> None:
    with pytest.raises(registry.NoCarrier, match="by hand"):
        registry.carrier_for(Account("garden", "irc", "import-7"))


def test_a_manifest_that_forgets_an_action_cannot_be_made() -> None:
    abilities = dict(MANIFESTS["pretend"].abilities)
    del abilities["PinMessage"]
    with pytest.raises(ValueError, match="PinMessage"):
        Manifest(name="forgetful", title="forgetful", abilities=abilities)


@pytest.mark.parametrize(
    "wrong",
    [
        {"how": "hand"},
        {"how": "no", "why": "No.", "repeatable": True},
        {"how": "hand", "why": "By hand.", "batch": 2},
        {"how": "api", "batch": 0},
        {"how": "hand", "why": "By hand.", "confirmation": WAITS},
    ],
)
def test_an_ability_that_contradicts_itself_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Ability(**wrong)
