"""How well the judgement of life does: against planted truth, and against what real archives did next.

    python bench/life.py planted --seeds 101-105     worlds of sample_world, written into a temporary folder
    python bench/life.py roles --seeds 101-105       who plays which part, on the same worlds
    python bench/life.py archives SHARED/data        public archives, judged as of past days, checked with the days after

Prints markdown rows for bench/RESULTS.md. Choices were made on seeds 1-5 and on the archives' early years; what is printed by
default was not looked at while choosing.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import eq
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from huoqun.health import engine
from huoqun.health.life import bgbb
from huoqun.health.life.calendar import Floats, GroupDays, calendar_of, rhythm
from huoqun.health.life.judge import Life, Plan, judge
from huoqun.health.life.rules import PlainRule, State
from huoqun.health.trial import audit_history
from sample_world.make import make

ZONE = ZoneInfo("Asia/Shanghai")
UNTIL = datetime(2026, 6, 30, tzinfo=ZONE)
TALK = "('message','action','image','video','voice','file','sticker','link','card','location','poll','call','red_packet')"
ORDER = [State.DEAD, State.DORMANT, State.BUBBLING, State.STEADY, State.THRIVING]
BESIDE_DECLINING = {State.DORMANT, State.BUBBLING, State.STEADY}
PLAIN = {PlainRule.EVERY_DAY: State.THRIVING, PlainRule.SOMETIMES: State.BUBBLING, PlainRule.SILENT: State.DEAD}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One group: what was planted and what was said."""

    state: State
    since: date
    first_seen: date
    life: Life
    causes: tuple[str, ...]
    group: str

    @property
    def days_off(self) -> int:
        """A day before the file begins cannot be known: both are taken from the first talk on."""
        return abs((max(self.life.since, self.first_seen) - max(self.since, self.first_seen)).days)


def neighbours(one: State, other: State) -> bool:
    if one == other:
        return True
    pair = {one, other}
    if State.PLANNED_END in pair:
        return False
    if State.DECLINING in pair:
        return bool(pair & BESIDE_DECLINING)
    return abs(ORDER.index(one) - ORDER.index(other)) == 1


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Every organisation of a world is judged as a portfolio of its own; only house accounts on its list are left out."""
    truth = json.loads((folder / "truth.json").read_text())["organisations"]
    as_of = UNTIL.date() - timedelta(days=1)
    for name, organisation in truth.items():
        names, days = days_of(folder / name)
        judged = judge(days, plans_of(folder / name, names), as_of=as_of)
        starts = np.searchsorted(days.group_key, np.arange(len(names)))
        for key, life in judged.items():
            planted = organisation["groups"][names[key]]
            yield Verdict(
                State(planted["state"]), date.fromisoformat(planted["since"]), days.day[starts[key]].astype(object), life,
                tuple(planted["causes"]), f"{name}/{names[key]}",
            )  # fmt: skip


def days_of(organisation: Path) -> tuple[list[str], GroupDays]:
    found = duckdb.connect().execute(
        f"""select group_id as name, (sent_at at time zone 'Asia/Shanghai')::date as day, count(*)::int as messages,
                   count(distinct author_id)::int as speakers
            from read_parquet($1) where kind in {TALK} and author_id not in (select author_id from read_csv($2))
            group by 1, 2 order by 1, 2""",
        [str(organisation / "talk.parquet"), str(organisation / "house.csv")],
    )
    return _grouped(found.fetchnumpy())


def plans_of(organisation: Path, names: list[str]) -> dict[int, Plan]:
    rows = duckdb.connect().execute(
        "select group_id, lifecycle, planned_end::date from read_csv($1)", [str(organisation / "groups.csv")]
    )
    plans = {name: Plan(lifecycle, end) for name, lifecycle, end in rows.fetchall()}
    return {key: plans[name] for key, name in enumerate(names)}


def _grouped(rows: dict[str, np.ndarray]) -> tuple[list[str], GroupDays]:
    names, key = np.unique(rows["name"].astype(str), return_inverse=True)
    return names.tolist(), GroupDays(
        key.astype(np.int64), rows["day"].astype("datetime64[D]"), rows["messages"], rows["speakers"]
    )


def made_worlds(seeds: Iterable[int], worlds: Path | None) -> Iterator[Path]:
    for seed in seeds:
        with tempfile.TemporaryDirectory() as scratch:
            folder = (worlds or Path(scratch)) / f"w{seed}"
            if not (folder / "truth.json").exists():
                make(folder, seed=seed, until=UNTIL, groups=300, days=180)
            yield folder


def print_planted(found: list[Verdict]) -> None:
    truth = [verdict.state for verdict in found]
    said = [verdict.life.state for verdict in found]
    floor = [PLAIN[verdict.life.rule] for verdict in found]
    off = [verdict.days_off for verdict in found]
    right = [verdict.days_off for verdict in found if verdict.life.state == verdict.state]
    print("| planted truth | Huoqun | the plain rule (7 / 1-6 / 0 days) |\n| --- | ---: | ---: |")
    print(f"| groups | {len(found)} | {len(found)} |")
    print(f"| same state | {_share(said, truth, eq):.1%} | {_share(floor, truth, eq):.1%} |")
    print(f"| same or neighbouring state | {_share(said, truth, neighbours):.1%} | {_share(floor, truth, neighbours):.1%} |")
    print(f"| alive, gone or ended as planned | {_share(said, truth, alike):.1%} | {_share(floor, truth, alike):.1%} |")
    print(
        f"| since, state right: median / p90 days off | {np.median(right):.0f} / {np.percentile(right, 90):.0f} | says none |"
    )
    print(f"| since, all groups: median / p90 days off | {np.median(off):.0f} / {np.percentile(off, 90):.0f} | says none |")
    print_confusion(found)


def _share(said: list[State], truth: list[State], agree: Callable[[State, State], bool]) -> float:
    return sum(agree(one, other) for one, other in zip(said, truth, strict=True)) / len(truth)


def alike(one: State, other: State) -> bool:
    return _three(one) == _three(other)


def _spread(days: list[int]) -> str:
    return f"{np.median(days):.0f} / {np.percentile(days, 90):.0f}" if days else "-"


def _three(state: State) -> str:
    if state is State.PLANNED_END:
        return "ended"
    return "gone" if state in {State.DEAD, State.DORMANT} else "alive"


ROLES = ("co_builder", "chatterbox", "active", "onlooker", "lurker")
PLANTED_ROLES = {role: role for role in ROLES} | {"lurker_buyer": "lurker"}


def roles(folder: Path) -> Iterator[tuple[str, str]]:
    """Planted and said role of every member who is no house account and no fake. Planted talkers who never said a word in the
    file are left out: nobody could tell them from lurkers. Who spoke only before the last 90 days is said to be a lurker.
    """
    truth = json.loads((folder / "truth.json").read_text())["organisations"]
    for name, organisation in truth.items():
        said, spoke = said_roles(folder / name)
        for group, planted_group in organisation["groups"].items():
            for role, people in planted_group["roles"].items():
                meant = PLANTED_ROLES.get(role)
                heard = [person for person in people if meant == "lurker" or (group, person) in spoke]
                if meant is not None:
                    yield from ((meant, said.get((group, person), "lurker")) for person in heard)


def said_roles(organisation: Path) -> tuple[dict[tuple[str, str], str], set[tuple[str, str]]]:
    """Roles by group and person, by an audit of the organisation's file; and who ever spoke where."""
    con = engine.connect()
    talk, house = str(organisation / "talk.parquet"), str(organisation / "house.csv")
    con.execute(
        f"""CREATE TABLE history AS
            SELECT (hash(t.group_id) >> 1)::BIGINT AS group_key, (hash(t.author_id) >> 1)::BIGINT AS author_key,
                   t.kind || row_number() OVER () AS source_id, t.kind, t.sent_at, t.message_id, t.text, t.reply_to,
                   CASE WHEN r.author_id IS NOT NULL THEN (hash(r.author_id) >> 1)::BIGINT END AS reply_to_author,
                   NULL::BIGINT AS other_key, NULL AS detail, t.group_id, t.author_id,
                   list_transform(t.mentions, lambda name: (hash(name) >> 1)::BIGINT) AS mentions
            FROM '{talk}' AS t
            LEFT JOIN (SELECT group_id, message_id, ANY_VALUE(author_id) AS author_id FROM '{talk}' GROUP BY ALL) AS r
            ON t.reply_to = r.message_id AND t.group_id = r.group_id"""
    )
    names = {key: (group, "") for key, group in con.execute("SELECT DISTINCT group_key, group_id FROM history").fetchall()}
    people = dict(con.execute("SELECT DISTINCT author_key, author_id FROM history WHERE NOT author_id IS NULL").fetchall())
    keys = [key for (key,) in con.execute(f"SELECT (hash(author_id) >> 1)::BIGINT FROM '{house}'").fetchall()]
    result = audit_history(con, names=names, zone=ZONE, house=keys, as_of=UNTIL.date() - timedelta(days=1)).result
    rows = [] if result is None else result.persons.select(["group_key", "person_key", "role"]).to_pylist()
    said = {(names[row["group_key"]][0], people[row["person_key"]]): row["role"] for row in rows}
    spoke = con.execute(f"SELECT DISTINCT group_id, author_id FROM history WHERE kind IN {TALK}").fetchall()
    return said, set(spoke)


def print_roles(seeds: Iterable[int], worlds: Path | None) -> None:
    found = Counter(pair for folder in made_worlds(seeds, worlds) for pair in roles(folder))
    print("| role | members | precision | recall | F1 |\n| --- | ---: | ---: | ---: | ---: |")
    scores = []
    for role in ROLES:
        hit = found[role, role]
        planted_as = sum(found[role, other] for other in ROLES)
        said_as = sum(found[other, role] for other in ROLES)
        precision, recall = hit / max(said_as, 1), hit / max(planted_as, 1)
        scores.append(2 * precision * recall / max(precision + recall, 1e-9))
        print(f"| {role} | {planted_as} | {precision:.2f} | {recall:.2f} | {scores[-1]:.2f} |")
    print(f"| macro | {found.total()} | | | {np.mean(scores):.3f} |")


def print_confusion(found: list[Verdict]) -> None:
    counted = Counter((verdict.state, verdict.life.state) for verdict in found)
    columns = [*ORDER[::-1], State.DECLINING, State.PLANNED_END]
    print("\n| planted ↓ said → | " + " | ".join(columns) + " | since, median / p90 |")
    print("| --- |" + " ---: |" * (len(columns) + 1))
    for row in columns:
        off = [verdict.days_off for verdict in found if verdict.state == verdict.life.state == row]
        numbers = " | ".join(str(counted[row, column]) for column in columns)
        print(f"| {row} | {numbers} | {_spread(off)} |")


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Of each group on each past day: what was said of the days after, what happened, and how long it had been silent."""

    said: dict[str, Floats]
    happened: dict[str, np.ndarray]
    silent: Floats


def archive_days(data: Path) -> dict[str, GroupDays]:
    con = duckdb.connect()
    irc = con.execute(
        """select group_id as name, day::date as day, (messages - bot_messages)::int as messages, human_authors::int as speakers
           from read_parquet($1) where human_authors > 0 and messages > bot_messages order by 1, 2""",
        [str(data / "irc_raku_daily.parquet")],
    ).fetchnumpy()
    zulip = con.execute(
        """select group_name as name, sent_at::date as day, count(*)::int as messages,
                  count(distinct author_id)::int as speakers from read_parquet($1) where kind in ('message', 'action', 'file')
           and author_id not in (select author_id from read_csv($2)) group by 1, 2 order by 1, 2""",
        [str(data / "community_zulip_dataverse.parquet"), str(data / "zulip_dataverse_bots.csv")],
    ).fetchnumpy()
    return {"irc": _grouped(irc)[1], "zulip": _grouped(zulip)[1]}


def forecasts(days: GroupDays, *, start: date, stop: date, step: int = 30) -> Forecasts:
    """Judged every `step` days with what was known on the day; a day counts only if a whole year after it is known."""
    said: dict[str, list[Floats]] = {"30": [], "90": [], "365": []}
    happened: dict[str, list[np.ndarray]] = {"30": [], "90": [], "365": []}
    silent = []
    known_until = days.day.max() - 365
    for day in np.arange(np.datetime64(start), min(np.datetime64(stop), known_until), step):
        before = days.day <= day
        past = GroupDays(days.group_key[before], days.day[before], days.messages[before], days.speakers[before])
        calendar = calendar_of(past, as_of=day.astype(object))
        heard = bgbb.tempered(rhythm(calendar))
        parameters = bgbb.fit(heard).parameters
        for horizon in ("30", "90"):
            said[horizon].append(bgbb.p_talks_within(heard, parameters, days=int(horizon)))
        said["365"].append(bgbb.p_alive(heard, parameters))
        for horizon, outcome in happened.items():
            after = (days.day > day) & (days.day <= day + int(horizon))
            outcome.append(np.isin(calendar.keys, days.group_key[after]))
        silent.append(heard.silent)
    joined = {name: np.concatenate(parts) for name, parts in said.items()}
    return Forecasts(joined, {name: np.concatenate(parts) for name, parts in happened.items()}, np.concatenate(silent))


def print_archives(data: Path, *, chosen_on: bool) -> None:
    archives = archive_days(data)
    periods = {"irc": ("2009-01-01", "2016-12-31"), "zulip": ("2023-06-01", "2024-12-31")}
    if not chosen_on:
        periods = {"irc": ("2017-01-01", "2026-12-31"), "zulip": ("2025-01-01", "2026-12-31")}
    for name, (start, stop) in periods.items():
        print_calibration(name, forecasts(archives[name], start=date.fromisoformat(start), stop=date.fromisoformat(stop)))


BANDS = [(0.0, 0.05), (0.05, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01)]
MEANING = {"30": "talk within 30 days", "90": "talk within 90 days", "365": "P(alive) against talk within a year"}


def print_calibration(name: str, made: Forecasts) -> None:
    hard = (made.silent >= 7) & (made.silent <= 365)
    print(f"\n{name}: {len(hard)} judgements, {int(hard.sum())} of them of groups silent for 7 to 365 days\n")
    print("| forecast | log loss, all | always the base rate | log loss, silent 7-365 | always the base rate |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for horizon, said in made.said.items():
        real = made.happened[horizon]
        numbers = [_loss(said, real), _base(real), _loss(said[hard], real[hard]), _base(real[hard])]
        print(f"| {MEANING[horizon]} | " + " | ".join(f"{number:.3f}" for number in numbers) + " |")
    print(
        "\n| said (silent 7-365 only) | "
        + " | ".join(f"{MEANING[h]}: said / seen (n)" for h in made.said)
        + " |\n|---|"
        + "---|" * 3
    )
    for low, high in BANDS:
        cells = [_cell(said[hard], made.happened[horizon][hard], low, high) for horizon, said in made.said.items()]
        print(f"| {low:.0%} to {min(high, 1):.0%} | " + " | ".join(cells) + " |")


def _cell(said: Floats, real: np.ndarray, low: float, high: float) -> str:
    band = (said >= low) & (said < high)
    return f"{said[band].mean():.2f} / {real[band].mean():.2f} ({int(band.sum())})" if band.any() else "-"


def _loss(said: Floats, real: np.ndarray) -> float:
    sure = np.clip(said, 1e-3, 1 - 1e-3)
    return float(-np.mean(np.where(real, np.log(sure), np.log(1 - sure))))


def _base(real: np.ndarray) -> float:
    return _loss(np.full(len(real), real.mean()), real)


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    truth = kinds.add_parser("planted")
    parts = kinds.add_parser("roles")
    for asked_of in (truth, parts):
        asked_of.add_argument("--seeds", type=_seeds, default=_seeds("101-105"))
        asked_of.add_argument("--worlds", type=Path, help="keep the worlds here and use them again")
    real = kinds.add_parser("archives")
    real.add_argument("data", type=Path)
    real.add_argument(
        "--chosen-on", action="store_true", help="the years on which choices were made, instead of the later ones"
    )
    asked = parser.parse_args()
    if asked.kind == "planted":
        print_planted([verdict for folder in made_worlds(asked.seeds, asked.worlds) for verdict in verdicts(folder)])
    elif asked.kind == "roles":
        print_roles(asked.seeds, asked.worlds)
    else:
        print_archives(asked.data, chosen_on=asked.chosen_on)


if __name__ == "__main__":
    main()
