"""In the world of causes a group's fate follows from its people; each mechanism leaves the mark somebody could find it by."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sample_world import World
from sample_world.causes import DEVELOPMENT, UNSEEN, make_cases
from sample_world.causes.__main__ import main
from sample_world.causes.cases import ALONE, PAIRS, Case, Distractor, deal
from sample_world.course import Cause, State
from sample_world.dice import Dice

from .conftest import UNTIL
from .test_same_seed import fingerprints

TALK = "('message', 'image', 'sticker', 'link', 'voice', 'video', 'file', 'red_packet')"
FIELDS = {
    "name",
    "kind",
    "state",
    "since",
    "well",
    "causes",
    "planted",
    "strength",
    "distractors",
    "action",
    "also_right",
    "merge_with",
    "born",
    "recorded_until",
    "expected_days_a_week",
    "level_before",
    "level_now",
    "silent_within_30d",
    "mechanism",
    "roles",
}
ACTIONS = {"revive", "welcome_and_answer", "thin_out_ads", "share_the_load", "split", "merge", "farewell", "leave_alone"}


@dataclass
class Cases:
    """A world of cases, opened; groups are asked for by what was planted."""

    world: World
    truth: dict[str, Any]
    con: duckdb.DuckDBPyConnection

    def groups(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for organisation in self.truth["organisations"].values():
            yield from organisation["groups"].items()

    def with_cause(self, cause: str, *, alone: bool = False) -> list[str]:
        found = [g for g, told in self.groups() if cause in told["causes"] and (not alone or len(told["causes"]) == 1)]
        assert found, cause
        return found

    def with_distractor(self, name: str) -> list[str]:
        found = [g for g, told in self.groups() if name in told["distractors"] and not told["planted"]]
        assert found, name
        return found

    def plain(self) -> list[str]:
        return [g for g, told in self.groups() if told["well"] and not told["planted"] and not told["distractors"]]

    def one(self, question: str, groups: list[str]) -> float:
        return float(self.con.execute(question, [groups]).fetchall()[0][0])


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    world = make_cases(tmp_path_factory.mktemp("cases") / "out", seed=3, until=UNTIL, groups=150)
    con = duckdb.connect()
    con.execute("set TimeZone='Asia/Shanghai'")
    con.execute(f"create table talk as select * from read_parquet('{world.folder}/*/talk.parquet')")
    con.execute(
        f"create table house as select distinct author_id from read_csv('{world.folder}/*/house.csv', all_varchar=true)"
    )
    con.execute(f"create table listed as select * from read_csv('{world.folder}/*/groups.csv', all_varchar=true)")
    con.execute(
        f"""create table days as select group_id, sent_at::date d, count(*) n,
            count(*) filter (author_id in (select author_id from house)) house
            from talk where kind in {TALK} group by all"""
    )
    return Cases(world, json.loads((world.folder / "truth.json").read_text(encoding="utf-8")), con)


@pytest.fixture
def tiny(tmp_path: Path) -> World:
    return make_cases(tmp_path / "tiny", seed=5, until=UNTIL, groups=18)


def test_the_same_arguments_write_the_same_bytes(tiny: World, tmp_path: Path) -> None:
    first = fingerprints(tiny.folder)
    again = fingerprints(make_cases(tmp_path / "again", seed=5, until=UNTIL, groups=18).folder)
    assert first == again
    assert len(first) == 3 * 4 + 1


def test_another_seed_writes_another_world(tiny: World, tmp_path: Path) -> None:
    other = fingerprints(make_cases(tmp_path / "other", seed=6, until=UNTIL, groups=18).folder)
    first = fingerprints(tiny.folder)
    assert all(other[name] != mark for name, mark in first.items() if name.endswith((".parquet", "truth.json", "groups.csv")))


def test_the_command_writes_the_same_world(tiny: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "cli"), "--seed", "5", "--until", "2026-11-20", "--groups", "18"]) == 0
    assert fingerprints(tmp_path / "cli") == fingerprints(tiny.folder)
    assert "18 groups" in capsys.readouterr().out


def test_settings_really_differ(tiny: World, tmp_path: Path) -> None:
    same = {f.name for f in dataclasses.fields(UNSEEN) if getattr(UNSEEN, f.name) == getattr(DEVELOPMENT, f.name)}
    assert not same
    kinds = [{(slug, kind) for slug, kinds in s.organisations for kind in kinds} for s in (DEVELOPMENT, UNSEEN)]
    assert len(kinds[0] & kinds[1]) <= 1
    unseen = make_cases(tmp_path / "unseen", seed=5, until=UNTIL, groups=18, settings=UNSEEN)
    told = json.loads((unseen.folder / "truth.json").read_text(encoding="utf-8"))
    assert (told["settings"], told["zone"], told["days"]) == ("unseen", UNSEEN.zone, UNSEEN.days)


def test_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one for each of the 3"):
        make_cases(tmp_path, seed=1, until=UNTIL, groups=2)
    with pytest.raises(ValueError, match="time zone"):
        make_cases(tmp_path, seed=1, until=UNTIL.replace(tzinfo=None), groups=20)
    with pytest.raises(ValueError, match="at least 120"):
        make_cases(tmp_path, seed=1, until=UNTIL, groups=20, settings=dataclasses.replace(DEVELOPMENT, days=60))


def test_every_cause_pair_and_distractor_is_dealt() -> None:
    dealt = [case for number in range(3) for case in deal(100, DEVELOPMENT, Dice(1, number))]
    assert len(dealt) == 300
    alone = {case.causes[0] for case in dealt if len(case.ills) == 1}
    assert alone == {*ALONE, Cause.RECORD_GAP}
    assert {frozenset(case.causes) for case in dealt if len(case.ills) == 2} == {frozenset(pair) for pair in PAIRS}
    assert {name for case in dealt if not case.ills for name in case.distractors} == set(Distractor)
    assert all(case.ills[0].strength >= case.ills[1].strength for case in dealt if len(case.ills) == 2)
    assert {case.ills[0].strength for case in dealt if case.has(Cause.AD_FATIGUE)} == set(DEVELOPMENT.strengths)
    assert Case().causes == ()


def test_the_truth_is_complete(cases: Cases) -> None:
    states, actions = {str(state) for state in State}, set()
    for group, told in cases.groups():
        assert set(told) >= FIELDS, group
        assert told["state"] in states
        assert {told["action"], *told["also_right"]} <= ACTIONS
        assert told["action"] not in told["also_right"]
        assert not (told["well"] and told["causes"])
        assert told["action"] == "leave_alone" or not told["well"]
        assert set(told["causes"]) <= {planted["cause"] for planted in told["planted"]}
        ahead = told["silent_within_30d"]
        assert ahead["silent"] == (ahead["messages"] + ahead["by_strangers"] == 0)
        assert 0 <= ahead["chance"] <= 1
        actions.add(told["action"])
    assert actions == ACTIONS
    listed = {group for (group,) in cases.con.execute("select group_id from listed").fetchall()}
    assert listed == {group for group, _ in cases.groups()}


def test_whom_to_merge_with_is_well_alike_and_has_room(cases: Cases) -> None:
    told = dict(cases.groups())
    wanted = [(group, known) for group, known in told.items() if known["action"] == "merge" and known["merge_with"]]
    assert wanted
    for group, known in wanted:
        assert group not in known["merge_with"]
        assert all(told[other]["well"] and told[other]["kind"] == known["kind"] for other in known["merge_with"])


def test_people_speak_between_joining_and_leaving(cases: Cases) -> None:
    wrong = cases.con.execute(
        f"""with stay as (select group_id, author_id,
                 min(sent_at) filter (kind = 'join') j, max(sent_at) filter (kind = 'leave') l,
                 min(sent_at) filter (kind in {TALK}) a, max(sent_at) filter (kind in {TALK} or kind in ('claim', 'order')) b
                 from talk where author_id is not null group by all)
            select * from stay where j is null or a < j or b > l"""
    ).fetchall()
    assert not wrong, wrong[:3]


def test_replies_answer_something_earlier_in_the_same_group(cases: Cases) -> None:
    wrong = cases.con.execute(
        """select a.group_id, a.message_id from talk a left join talk b on a.group_id = b.group_id and a.reply_to = b.message_id
           where a.reply_to is not null and (b.message_id is null or b.sent_at > a.sent_at)"""
    ).fetchall()
    assert not wrong, wrong[:3]


def test_sentences_are_whole(cases: Cases) -> None:
    assert not cases.con.execute("select text from talk where text like '%{%' or trim(text) = '' limit 3").fetchall()


def test_no_group_outgrows_its_carrier(cases: Cases) -> None:
    most = cases.con.execute(
        """select max(n) from (select group_id, sum(case kind when 'join' then 1 else -1 end) over
           (partition by group_id order by sent_at) n from talk where kind in ('join', 'leave'))"""
    ).fetchall()
    assert most[0][0] <= 500


def test_healthy_groups_with_distractors_do_not_fall(cases: Cases) -> None:
    untouched = [told for _, told in cases.groups() if not told["planted"]]
    assert len(untouched) > 40
    assert sum(told["well"] for told in untouched) >= 0.9 * len(untouched)


def test_strong_causes_bring_groups_down(cases: Cases) -> None:
    hit = [told for _, told in cases.groups() if told["strength"] == 1.0 and told["recorded_until"] is None]
    assert sum(bool(told["causes"]) for told in hit) >= 0.75 * len(hit)


def test_some_withstand_a_mild_cause(cases: Cases) -> None:
    mild = [told for _, told in cases.groups() if 0 < told["strength"] <= 0.5]
    withstood = sum(told["well"] for told in mild)
    assert 0 < withstood < len(mild) / 2


def after_house(cases: Cases, groups: list[str]) -> float:
    """Share of people's messages that come within two hours after one of the house."""
    return cases.one(
        f"""with said as (select group_id, sent_at, author_id in (select author_id from house) house,
                 max(case when author_id in (select author_id from house) then sent_at end)
                   over (partition by group_id order by sent_at) before from talk
                 where kind in {TALK} and list_contains($1, group_id))
            select avg((sent_at - before < interval 2 hours)::int) from said where not house""",
        groups,
    )


@pytest.mark.method("A08", "A24")
def test_where_all_hangs_on_the_operator_people_speak_after_the_operator_only(cases: Cases) -> None:
    hanging = after_house(cases, cases.with_cause("operator_dependent", alone=True))
    talkative = after_house(cases, cases.with_distractor("operator_talks"))
    assert hanging > 0.65
    assert hanging > talkative + 0.15


@pytest.mark.method("A08")
def test_operators_who_carry_everything_burn_out_and_talk_follows(cases: Cases) -> None:
    for group in cases.with_cause("operator_dependent", alone=True):
        told = dict(cases.groups())[group]
        energy, level = (told["mechanism"][f"{name}_by_week"] for name in ("operator_energy", "level"))
        assert energy[-1] < 0.9
        tired, fresh = (
            [n for n, e in zip(level, energy, strict=True) if e < 0.3],
            [n for n, e in zip(level, energy, strict=True) if e > 0.9],
        )
        if tired and fresh:
            assert sum(tired) / len(tired) < 0.5 * sum(fresh) / len(fresh)


def first_words(cases: Cases, groups: list[str]) -> float:
    """Share of newcomers' first words that are quoted in an answer; where newcomers are ignored, from then on."""
    told = dict(cases.groups())
    lines = [
        (
            group,
            next((planted["begins"] for planted in told[group]["planted"] if "newcomers" in planted["cause"]), "2026-06-15"),
        )
        for group in groups
    ]
    cases.con.execute("create or replace table since (group_id varchar, since date)")
    cases.con.executemany("insert into since values (?, ?)", lines)
    return cases.one(
        """with came as (select group_id, author_id, min(sent_at) j from talk where kind = 'join' group by all),
            heard as (select group_id, message_id, author_id, sent_at from talk join came using (group_id, author_id)
                      join since using (group_id)
                      where kind = 'message' and list_contains($1, group_id) and j > since
                        and author_id not in (select author_id from house)
                      qualify row_number() over (partition by group_id, author_id order by sent_at) = 1
                        and reply_to is null)
            select avg(exists(select 1 from talk a where a.group_id = heard.group_id and a.reply_to = heard.message_id)::int)
            from heard""",
        groups,
    )


@pytest.mark.method("A25")
def test_ignored_newcomers_are_left_alone(cases: Cases) -> None:
    assert first_words(cases, cases.with_cause("newcomers_ignored")) < 0.6 * first_words(cases, cases.plain())


def test_old_friends_ignore_newcomers_and_live_on(cases: Cases) -> None:
    friends = cases.with_distractor("old_friends")
    assert first_words(cases, friends) < 0.5 * first_words(cases, cases.plain())
    told = dict(cases.groups())
    assert sum(told[group]["well"] for group in friends) >= len(friends) - 1


@pytest.mark.method("A25")
def test_questions_stay_unanswered_and_askers_stop_asking(cases: Cases) -> None:
    told = dict(cases.groups())
    values = []
    for group in cases.with_cause("questions_unanswered", alone=True):
        begins = told[group]["planted"][0]["begins"]
        rows = cases.con.execute(
            f"""select sent_at >= '{begins}'::timestamp + interval 21 days as later, count(*) / count(distinct sent_at::date)
                from talk where group_id = '{group}' and kind = 'message' and text like '%？' and reply_to is null
                  and author_id not in (select author_id from house)
                  and (sent_at < '{begins}' or sent_at >= '{begins}'::timestamp + interval 21 days) group by 1"""
        ).fetchall()
        values.append(dict(rows))
    both = [value for value in values if len(value) == 2]
    assert sum(value[True] < value[False] for value in both) >= 0.7 * len(both)


@pytest.mark.method("A13")
def test_ads_drive_people_away_one_by_one(cases: Cases) -> None:
    told, before, after = dict(cases.groups()), 0.0, 0.0
    for group in cases.with_cause("ad_fatigue", alone=True):
        begins = told[group]["planted"][0]["begins"]
        rows = cases.con.execute(
            f"""select count(*) filter (sent_at between '{begins}'::timestamp - interval 15 days and '{begins}'),
                       count(*) filter (sent_at between '{begins}' and '{begins}'::timestamp + interval 15 days)
                from talk where group_id = '{group}' and kind = 'leave'"""
        ).fetchall()
        before, after = before + rows[0][0], after + rows[0][1]
    assert after > 1.5 * before


def test_key_people_are_gone_after_the_onset(cases: Cases) -> None:
    told, gone = dict(cases.groups()), []
    for group in cases.with_cause("key_people_left", alone=True):
        begins = told[group]["planted"][0]["begins"]
        rows = cases.con.execute(
            f"""with top as (select author_id from talk where group_id = '{group}' and kind in {TALK}
                  and sent_at < '{begins}' and author_id not in (select author_id from house)
                  group by 1 order by count(*) desc limit 8)
                select count(*) from talk where group_id = '{group}' and kind = 'leave' and author_id in (from top)
                  and sent_at between '{begins}' and '{begins}'::timestamp + interval 6 days"""
        ).fetchall()
        gone.append(rows[0][0])
    assert min(gone) >= 1
    assert sum(gone) >= 2 * len(gone)


@pytest.mark.method("A15")
def test_fakes_come_in_bursts_by_one_inviter(cases: Cases) -> None:
    told = dict(cases.groups())
    for group in cases.with_cause("bots_and_fakes"):
        roles = told[group]["roles"]
        fakes = [person for role in ("spammer", "red_packet_bot", "mass_adder") for person in roles.get(role, [])]
        assert len(fakes) > 0.08 * sum(len(people) for people in roles.values())
        brought = cases.con.execute(
            f"""select count(*) n from talk where group_id = '{group}' and kind = 'join' and list_contains($1, author_id)
                and inviter_id is not null group by inviter_id having n >= 3
                and max(sent_at) - min(sent_at) < interval 6 hours""",
            [fakes],
        ).fetchall()
        assert sum(n for (n,) in brought) >= 0.6 * len(fakes)


@pytest.mark.method("A06")
def test_groups_without_a_purpose_say_hello_and_little_else(cases: Cases) -> None:
    purposes = dict(cases.con.execute("select group_id, coalesce(purpose, '') from listed").fetchall())
    for group in cases.with_cause("no_purpose"):
        assert purposes[group] == ""
    assert all(purposes[group] == "" for group in cases.with_distractor("purpose_unwritten"))
    assert all(purposes[group] for group in cases.plain())


def test_sizes_are_what_they_are_called(cases: Cases) -> None:
    def members(groups: list[str]) -> list[int]:
        rows = cases.con.execute(
            """select sum(case kind when 'join' then 1 else -1 end) from talk
               where kind in ('join', 'leave') and list_contains($1, group_id) group by group_id""",
            [groups],
        ).fetchall()
        return sorted(n for (n,) in rows)

    assert members(cases.with_cause("too_small", alone=True))[-1] < 30
    assert members(cases.with_distractor("few_but_faithful"))[-1] < 40
    assert members(cases.with_cause("too_large"))[0] > 200


def test_in_a_record_gap_all_groups_of_an_account_stop_in_the_same_minute(cases: Cases) -> None:
    told = dict(cases.groups())
    accounts = dict(cases.con.execute("select group_id, carrier || operator from listed").fetchall())
    silent = [group for group, known in told.items() if known["recorded_until"] is not None]
    assert silent
    for account in {accounts[group] for group in silent}:
        groups = [group for group, other in accounts.items() if other == account]
        assert set(groups) <= set(silent)
        assert len({told[group]["recorded_until"] for group in groups}) == 1
        last = cases.one(f"select epoch(max(sent_at)) from talk where kind in {TALK} and list_contains($1, group_id)", groups)
        assert last < told[groups[0]]["recorded_until"]
    alive = [told[group] for group in silent if told[group]["silent_within_30d"]["messages"] > 0]
    assert len(alive) > 0.7 * len(silent)


def test_closed_seasons_end_on_their_planned_day(cases: Cases) -> None:
    ends = dict(cases.con.execute("select group_id, planned_end from listed").fetchall())
    for group in cases.with_cause("season_closed"):
        assert dict(cases.groups())[group]["since"] == ends[group]


def test_a_lull_is_no_death(cases: Cases) -> None:
    for name in ("holiday_lull", "seasonal_rest"):
        groups = cases.with_distractor(name)
        told = dict(cases.groups())
        assert all(told[group]["mechanism"]["rests"] for group in groups)
        assert sum(told[group]["well"] for group in groups) >= 0.75 * len(groups)


def test_chances_of_silence_come_true(cases: Cases) -> None:
    ahead = [told["silent_within_30d"] for _, told in cases.groups() if told["state"] not in ("planned_end", "dead")]
    sure = [known for known in ahead if known["chance"] >= 0.8]
    none = [known for known in ahead if known["chance"] <= 0.1]
    assert sum(known["silent"] for known in none) <= 0.05 * len(none)
    assert sum(known["messages"] <= 5 for known in sure) >= 0.6 * len(sure)
