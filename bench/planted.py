"""How well an audit finds what was planted: causes, next actions, states, roles, and who falls silent within thirty days.

    python bench/planted.py --settings unseen --seeds 301-305             what bench/RESULTS.md reports
    python bench/planted.py --settings development --seeds 1-3            what choices may be made on

Worlds of `sample_world.causes` are written into a temporary folder; every organisation is audited as a portfolio of its own, as
of the last day of its file, with its house list and plans. Intervals are 90 %, by drawing whole groups again.
Prints markdown rows.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from huoqun.health import engine
from huoqun.health.results import AuditResult
from huoqun.health.trial import audit_history
from sample_world.causes import SETTINGS, make_cases

UNTIL = datetime(2026, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TALK = "('message','action','image','video','voice','file','sticker','link','card','location','poll','call','red_packet')"
SPOKE_LATELY = f"""
    WITH talk AS (SELECT group_id, author_id, sent_at FROM history
                  WHERE kind IN {TALK} AND author_key NOT IN (SELECT author_key FROM known_house)),
         last AS (SELECT group_id, max(sent_at) AS last_at FROM talk GROUP BY 1)
    SELECT DISTINCT group_id, author_id FROM talk JOIN last USING (group_id) WHERE sent_at > last_at - INTERVAL 90 DAYS"""
ROLES = ("co_builder", "chatterbox", "active", "onlooker", "lurker")
PLANTED_ROLES = {role: role for role in ROLES} | {"lurker_buyer": "lurker"}
LADDER = ("dead", "dormant", "bubbling", "steady", "thriving")
BESIDE_DECLINING = frozenset({"dormant", "bubbling", "steady"})
LIVELY = frozenset({"thriving", "steady"})
DRAWS = 1000
Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Said:
    """What an audit says of one group: all a scorer needs, so that another detector can be scored the same way."""

    state: str
    causes: tuple[str, ...]
    action: str
    with_group: str | None
    enough: bool
    p_silent: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    group: str
    truth: Mapping[str, Any]
    said: Said
    talked: int
    """Messages of people who are not house in the file's last thirty days."""
    roles: tuple[tuple[str, str], ...]
    """Planted and said role of each member who could be known."""

    @property
    def recorded(self) -> bool:
        return self.truth["recorded_until"] is None

    @property
    def silent(self) -> bool:
        return bool(self.truth["silent_within_30d"]["silent"])


def worlds(seeds: Iterable[int], settings: str, groups: int, keep: Path | None) -> Iterator[Path]:
    for seed in seeds:
        with tempfile.TemporaryDirectory() as scratch:
            folder = (keep or Path(scratch)) / f"{settings}{seed}"
            if not (folder / "truth.json").exists():
                make_cases(folder, seed=seed, until=UNTIL, groups=groups, settings=SETTINGS[settings])
            yield folder


def verdicts(folder: Path, audit: Callable[[duckdb.DuckDBPyConnection, Organisation], AuditResult]) -> Iterator[Verdict]:
    told = json.loads((folder / "truth.json").read_text())
    until = datetime.fromisoformat(told["until"])
    for slug, organisation in told["organisations"].items():
        place = Organisation(folder / slug, until, ZoneInfo(told["zone"]))
        with engine.connect() as con:
            load(con, place)
            yield from _verdicts(con, slug, organisation["groups"], audit(con, place))


@dataclass(frozen=True, slots=True)
class Organisation:
    folder: Path
    until: datetime
    zone: ZoneInfo

    @property
    def as_of(self) -> date:
        return self.until.date() - timedelta(days=1)


def load(con: duckdb.DuckDBPyConnection, place: Organisation) -> None:
    """The tables an audit reads, from an organisation's files. An account is one operator's, on one carrier."""
    talk, house, groups = (str(place.folder / name) for name in ("talk.parquet", "house.csv", "groups.csv"))
    con.execute(
        f"CREATE TABLE listed AS SELECT *, {_key('group_id')} AS group_key FROM read_csv('{groups}', all_varchar = true)"
    )
    con.execute(
        f"""CREATE TABLE history AS
            SELECT 'planted' AS community, t.carrier, t.carrier || ':' || l.operator AS account,
                   strftime(t.sent_at, '%Y-%m') AS month, l.group_key, t.message_id || ':' || t.kind AS source_id,
                   t.kind, t.sent_at,
                   {_key("t.author_id")} AS author_key, t.message_id, t.text, t.reply_to,
                   {_key("r.author_id")} AS reply_to_author,
                   list_transform(t.mentions, lambda name: {_key("name")}) AS mentions, t.topic,
                   {_key("coalesce(t.target_id, t.inviter_id)")} AS other_key,
                   CASE t.kind WHEN 'order' THEN to_json({{order_id: t.message_id, amount: t.amount, currency: 'CNY',
                                                           items: [t.detail]}})::VARCHAR
                        WHEN 'join' THEN t.way ELSE t.detail END AS detail,
                   NULL::BIGINT AS import_id, t.group_id, t.author_id
            FROM '{talk}' AS t JOIN listed AS l USING (group_id)
            LEFT JOIN (SELECT group_id, message_id, any_value(author_id) AS author_id FROM '{talk}' GROUP BY ALL) AS r
            ON t.reply_to = r.message_id AND t.group_id = r.group_id
            ORDER BY t.group_id, t.sent_at"""
    )
    con.execute(
        """CREATE TABLE plans AS
           SELECT group_key, lifecycle, planned_end::DATE AS planned_end, NULL::DATE AS born, coalesce(purpose, '') AS purpose,
                  connects, capacity::INT AS capacity, operator, carrier FROM listed"""
    )
    con.execute(f"CREATE TABLE known_house AS SELECT {_key('author_id')} AS author_key, kind FROM read_csv('{house}')")


def _key(column: str) -> str:
    """A 63-bit number for an id, null for none."""
    return f"CASE WHEN {column} IS NOT NULL THEN (hash({column}) >> 1)::BIGINT END"


def huoqun(con: duckdb.DuckDBPyConnection, place: Organisation) -> AuditResult:
    house = dict(con.execute("SELECT author_key, kind FROM known_house").fetchall())
    names = {key: (group, name) for key, group, name in con.execute("SELECT group_key, group_id, name FROM listed").fetchall()}
    result = audit_history(con, names=names, zone=place.zone, house=house, as_of=place.as_of).result
    if result is None:
        raise ValueError(f"{place.folder}: nobody talks in this world")
    return result


def _verdicts(con: duckdb.DuckDBPyConnection, slug: str, truth: Mapping[str, Any], result: AuditResult) -> Iterator[Verdict]:
    names = dict(con.execute("SELECT group_key, group_id FROM listed").fetchall())
    talked = _talked(con, result.as_of)
    roles = _roles(con, truth, result)
    for row in result.groups.select(["group_key", "state"]).to_pylist():
        group = names[row["group_key"]]
        said = said_of(result, row["group_key"], row["state"], names)
        yield Verdict(f"{slug}/{group}", truth[group], said, talked.get(group, 0), tuple(roles[group]))


def said_of(result: AuditResult, key: int, state: str, names: Mapping[int, str]) -> Said:
    diagnosis, forecast = result.diagnoses[key], result.forecasts.get(key)
    partner = diagnosis.action.with_group
    return Said(
        state=state,
        causes=tuple(cause.code for cause in diagnosis.causes),
        action=diagnosis.action.code,
        with_group=None if partner is None else names[partner],
        enough=diagnosis.enough,
        p_silent=None if forecast is None else forecast.p_silent_30d,
    )


def _talked(con: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, int]:
    since = as_of - timedelta(days=29)
    rows = con.execute(
        f"""SELECT group_id, count(*) FROM history WHERE kind IN {TALK} AND sent_at >= '{since}'::TIMESTAMP
            AND author_key NOT IN (SELECT author_key FROM known_house) GROUP BY 1"""
    )
    return dict(rows.fetchall())


def _roles(con: duckdb.DuckDBPyConnection, truth: Mapping[str, Any], result: AuditResult) -> dict[str, list[tuple[str, str]]]:
    """Planted talkers who said nothing in the ninety days before their group's last talk are left out: nobody could tell them
    from lurkers."""
    names = dict(con.execute("SELECT group_key, group_id FROM listed").fetchall())
    people = dict(con.execute("SELECT DISTINCT author_key, author_id FROM history WHERE author_id IS NOT NULL").fetchall())
    rows = result.persons.select(["group_key", "person_key", "role"]).to_pylist()
    said = {(names[row["group_key"]], people[row["person_key"]]): row["role"] for row in rows}
    spoke = set(con.execute(SPOKE_LATELY).fetchall())
    return {group: list(_pairs(group, told["roles"], said, spoke)) for group, told in truth.items()}


def _pairs(
    group: str, roles: Mapping[str, list[str]], said: Mapping[tuple[str, str], str], spoke: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    for role, people in roles.items():
        meant = PLANTED_ROLES.get(role)
        if meant is not None:
            heard = (person for person in people if meant == "lurker" or (group, person) in spoke)
            yield from ((meant, said.get((group, person), "lurker")) for person in heard)


Measure = Callable[[Sequence[Verdict]], float]
"""One number of many verdicts; nan where they cannot tell."""


def sick(verdict: Verdict) -> bool:
    """A cause took hold, and the group is no longer lively, or nobody can see whether it is."""
    return bool(verdict.truth["causes"]) and (verdict.truth["state"] not in LIVELY or not verdict.recorded)


def early(verdict: Verdict) -> bool:
    """A cause has cost the group much of its talk, but it is still lively: to be found by those who look ahead."""
    return bool(verdict.truth["causes"]) and not sick(verdict)


def well(verdict: Verdict) -> bool:
    return bool(verdict.truth["well"]) and verdict.recorded


def alive(verdict: Verdict) -> bool:
    """Who may be forecast: recorded to the end, not closed as planned, somebody spoke in the last thirty days."""
    return verdict.recorded and verdict.truth["state"] != "planned_end" and verdict.talked > 0


def share(right: Callable[[Verdict], bool], among: Callable[[Verdict], bool]) -> Measure:
    def measure(found: Sequence[Verdict]) -> float:
        asked = [right(verdict) for verdict in found if among(verdict)]
        return float(np.mean(asked)) if asked else float("nan")

    return measure


def top(count: int, among: Callable[[Verdict], bool] = sick) -> Measure:
    return share(lambda verdict: verdict.truth["causes"][0] in verdict.said.causes[:count], among)


def false_causes(found: Sequence[Verdict]) -> float:
    counts = [len(verdict.said.causes) for verdict in found if well(verdict)]
    return float(np.mean(counts)) if counts else float("nan")


second_found = share(
    lambda verdict: verdict.truth["causes"][1] in verdict.said.causes,
    lambda verdict: sick(verdict) and len(verdict.truth["causes"]) > 1,
)


def defensible(verdict: Verdict) -> bool:
    return verdict.said.action in (verdict.truth["action"], *verdict.truth["also_right"])


def merged_right(verdict: Verdict) -> bool:
    return verdict.said.with_group in verdict.truth["merge_with"]


def neighbours(one: str, other: str) -> bool:
    if one == other:
        return True
    pair = {one, other}
    if "declining" in pair:
        return bool(pair & BESIDE_DECLINING)
    return pair <= set(LADDER) and abs(LADDER.index(one) - LADDER.index(other)) == 1


def role_macro_f1(found: Sequence[Verdict]) -> float:
    counted = Counter(pair for verdict in found for pair in verdict.roles)
    return float(np.mean([_f1(counted, role) for role in ROLES]))


def _f1(counted: Counter[tuple[str, str]], role: str) -> float:
    planted = sum(counted[role, other] for other in ROLES)
    said = sum(counted[other, role] for other in ROLES)
    return 2 * counted[role, role] / max(planted + said, 1)


def _forecast(found: Sequence[Verdict]) -> tuple[Numbers, Numbers]:
    asked = [verdict for verdict in found if alive(verdict)]
    missing = [verdict.group for verdict in asked if verdict.said.p_silent is None]
    if missing:
        raise ValueError(f"no forecast for {len(missing)} groups that talk, such as {missing[0]}")
    said = np.array([verdict.said.p_silent for verdict in asked], dtype=np.float64)
    return said, np.array([verdict.silent for verdict in asked], dtype=np.float64)


def auc(said: Numbers, real: Numbers) -> float:
    """Chance that a group that fell silent was given more than one that did not; ties count half."""
    hits, others = said[real == 1], said[real == 0]
    if not len(hits) or not len(others):
        return float("nan")
    return float(np.mean((hits[:, None] > others) + 0.5 * (hits[:, None] == others)))


def forecast_auc(found: Sequence[Verdict]) -> float:
    return auc(*_forecast(found))


def best_auc(found: Sequence[Verdict]) -> float:
    """What somebody would reach who knew the world's own chances."""
    asked = [verdict for verdict in found if alive(verdict)]
    chances = np.array([verdict.truth["silent_within_30d"]["chance"] for verdict in asked])
    return auc(chances, np.array([verdict.silent for verdict in asked], dtype=np.float64))


def brier(found: Sequence[Verdict]) -> float:
    said, real = _forecast(found)
    return float(np.mean((said - real) ** 2)) if len(said) else float("nan")


def calibration_error(found: Sequence[Verdict]) -> float:
    """Said and seen, apart by how much on average, over five bins of equally many groups."""
    said, real = _forecast(found)
    bins = np.array_split(np.argsort(said, kind="stable"), 5)
    return float(sum(abs(said[b].mean() - real[b].mean()) * len(b) for b in bins if len(b)) / max(len(said), 1))


def expected(found: Sequence[Verdict]) -> float:
    said, real = _forecast(found)
    return float(said.mean() - real.mean()) if len(said) else float("nan")


MEASURES: tuple[tuple[str, Measure, str], ...] = (
    ("main cause said first", top(1), "%"),
    ("main cause among the first two", top(2), "%"),
    ("second cause of a pair said anywhere", second_found, "%"),
    ("main cause said first, of groups still lively", top(1, early), "%"),
    ("false causes per healthy group", false_causes, ""),
    ("healthy groups without a cause", share(lambda verdict: not verdict.said.causes, well), "%"),
    ("the one best action", share(lambda v: v.said.action == v.truth["action"], lambda v: True), "%"),
    ("an action nobody could call wrong", share(defensible, lambda v: True), "%"),
    ("the best action, of groups not well", share(lambda v: v.said.action == v.truth["action"], sick), "%"),
    ("an action nobody could call wrong, of groups not well", share(defensible, sick), "%"),
    ("merge with a fitting group, where merge was said", share(merged_right, lambda v: v.said.action == "merge"), "%"),
    ("same state", share(lambda v: v.said.state == v.truth["state"], lambda v: v.recorded), "%"),
    ("same or neighbouring state", share(lambda v: neighbours(v.said.state, v.truth["state"]), lambda v: v.recorded), "%"),
    ("roles, macro-F1", role_macro_f1, ""),
    ("silent within 30 days: AUC", forecast_auc, ""),
    ("the same by the world's own chances", best_auc, ""),
    ("Brier score", brier, ""),
    ("calibration error, five bins", calibration_error, ""),
    ("said minus seen, on average", expected, ""),
)


def interval(found: Sequence[Verdict], measure: Measure, *, draws: int = DRAWS, seed: int = 7) -> tuple[float, float, float]:
    """The measure and its 90 % interval, by drawing groups again."""
    dice = np.random.default_rng(seed)
    again = [measure([found[place] for place in dice.integers(len(found), size=len(found))]) for _ in range(draws)]
    low, high = np.nanpercentile(again, [5, 95]) if not np.all(np.isnan(again)) else (float("nan"), float("nan"))
    return measure(found), float(low), float(high)


def print_measures(found: Sequence[Verdict], draws: int) -> None:
    print(f"| {len(found)} groups | | 90 % interval |\n| --- | ---: | ---: |")
    for name, measure, unit in MEASURES:
        value, low, high = interval(found, measure, draws=max(draws // 5, 20) if measure is role_macro_f1 else draws)
        print(f"| {name} | {_number(value, unit)} | {_number(low, unit)} to {_number(high, unit)} |")


def _number(value: float, unit: str) -> str:
    if np.isnan(value):
        return "-"
    return f"{value:.1%}" if unit == "%" else f"{value:.3f}"


def print_causes(found: Sequence[Verdict]) -> None:
    by_cause: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in found:
        if sick(verdict):
            by_cause[verdict.truth["causes"][0]].append(verdict)
    print("\n| main cause | groups | first | first two | mild: first | alone: first | most often said instead |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for cause, group in sorted(by_cause.items()):
        mild = [verdict for verdict in group if verdict.truth["strength"] < 0.7]
        alone = [verdict for verdict in group if len(verdict.truth["causes"]) == 1]
        wrong = Counter(next(iter(v.said.causes), "nothing") for v in group if v.said.causes[:1] != (cause,)).most_common(2)
        cells = [_number(top(count)(part), "%") for count, part in ((1, group), (2, group), (1, mild), (1, alone))]
        print(f"| {cause} | {len(group)} | {' | '.join(cells)} | {', '.join(f'{name} {n}' for name, n in wrong) or '-'} |")


def print_distractors(found: Sequence[Verdict]) -> None:
    by_kind: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in found:
        if well(verdict):
            withstood = [f"withstood {planted['cause']}" for planted in verdict.truth["planted"][:1]]
            by_kind[(withstood or verdict.truth["distractors"] or ["plain"])[0]].append(verdict)
    print("\n| healthy groups | groups | with a false cause | most often | left alone |\n| --- | ---: | ---: | --- | ---: |")
    for kind, group in sorted(by_kind.items()):
        said = Counter(cause for verdict in group for cause in verdict.said.causes).most_common(2)
        accused = float(np.mean([bool(verdict.said.causes) for verdict in group]))
        left = float(np.mean([verdict.said.action == "leave_alone" for verdict in group]))
        print(f"| {kind} | {len(group)} | {accused:.0%} | {', '.join(f'{name} {n}' for name, n in said) or '-'} | {left:.0%} |")


def print_calibration(found: Sequence[Verdict]) -> None:
    said, real = _forecast(found)
    print("\n| silent within 30 days: said | groups | said on average | seen |\n| --- | ---: | ---: | ---: |")
    for low, high in ((0.0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1.01)):
        band = (said >= low) & (said < high)
        if band.any():
            print(
                f"| {low:.0%} to {min(high, 1):.0%} | {int(band.sum())} | {said[band].mean():.1%} | {real[band].mean():.1%} |"
            )


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=_seeds, default=_seeds("301-305"))
    parser.add_argument("--settings", choices=sorted(SETTINGS), default="unseen")
    parser.add_argument("--groups", type=int, default=300, help="in each world")
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--worlds", type=Path, help="keep the worlds here and use them again")
    asked = parser.parse_args()
    found = [
        verdict
        for folder in worlds(asked.seeds, asked.settings, asked.groups, asked.worlds)
        for verdict in verdicts(folder, huoqun)
    ]
    print_measures(found, asked.draws)
    print_causes(found)
    print_distractors(found)
    print_calibration(found)


if __name__ == "__main__":
    main()
