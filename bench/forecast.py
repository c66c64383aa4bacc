"""How good the forecast of silence is: on public archives it was never trained on, and on worlds with planted deaths.

    python bench/forecast.py archives SHARED/data    every 30 days, with what was known then, against what came after
    python bench/forecast.py planted --seeds 301-305 worlds of sample_world, written into a temporary folder
    python bench/forecast.py cases SHARED/data       channels that ended: what was said a month before

Prints markdown rows for bench/RESULTS.md. The shipped model was trained on generated communities (training/ship.py); what shape
its terms have was chosen on the earlier 60 % of the Raku windows, on Zulip and on sample worlds. Figures of the latest 40 % of
the Raku windows were printed beside them while the work went on, so they were seen; no change was chosen on them, and they
moved by at most 0.002. "Taught" models are research and not shipped: the archives have no licence.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from huoqun.health.forecast.calendar import DayArrays, Flags, Floats, Spans, day_arrays
from huoqun.health.forecast.features import WITHIN, Features, features_of, silent_after
from huoqun.health.forecast.fitting import fit
from huoqun.health.forecast.leaning import leaning_of
from huoqun.health.forecast.model import Model
from huoqun.health.forecast.outlook import outlook_of
from huoqun.health.forecast.terms import terms_of
from huoqun.health.forecast.track import auc, auc_interval, brier, calibration
from huoqun.health.forecast.wording import reason_told
from huoqun.health.rules import TALK_KINDS, day_number, day_of
from sample_world.make import make

ZONE = ZoneInfo("Asia/Shanghai")
UNTIL = datetime(2026, 6, 30, tzinfo=ZONE)
STEP = 30
EARLIER = 0.6
LEAST = (1, 5, 10)
Score = Callable[[Features, DayArrays], Floats]


@dataclass(frozen=True, slots=True)
class Windows:
    """One community, judged every 30 days from the 30th after its first talk on, as long as 30 days after are on record."""

    days: DayArrays
    features: Features
    late: Flags
    """Of the latest 40 % of dates."""

    def outcome(self, least: int) -> Flags:
        return silent_after(self.days, self.features, least=least)

    def asked(self, least: int) -> Flags:
        enough: Flags = self.features.figures["messages_30"] >= least
        return enough

    def where(self, kept: Flags) -> Windows:
        return Windows(self.days, self.features.where(kept), self.late[kept])


def windows(days: DayArrays) -> Windows:
    first, last = days.first_day or 0, int(days.day.max())
    dates = np.arange(first + STEP, last - WITHIN + 1, STEP)
    features = features_of(days, dates)
    return Windows(days, features, features.today >= dates[int(EARLIER * len(dates))])


def archives(data: Path) -> dict[str, DayArrays]:
    con = duckdb.connect()
    raku = con.execute(
        """select hash(group_id) >> 1 as group_key, day::date - date '1970-01-01' as day,
                  (messages - bot_messages)::int as messages, human_authors::int as speakers from read_parquet($1)""",
        [str(data / "irc_raku_daily.parquet")],
    ).fetchnumpy()
    files = {"Zulip": "zulip_dataverse", "Telegram": "telegram_hyperdbg"}
    return {"Raku": day_arrays(raku)} | {name: _messages(con, data, file) for name, file in files.items()}


def _messages(con: duckdb.DuckDBPyConnection, data: Path, name: str) -> DayArrays:
    bots = data / f"{name}_bots.csv"
    without = f"and author_id not in (select author_id from read_csv('{bots}'))" if bots.exists() else ""
    path = data / f"community_{name}.parquet"
    return day_arrays(_by_day(con, f"'{path}'", "sent_at::date", without))


def _by_day(con: duckdb.DuckDBPyConnection, source: str, day: str, without: str) -> dict[str, np.ndarray]:
    return con.execute(
        f"""select hash(group_id) >> 1 as group_key, {day} - date '1970-01-01' as day, count(*) as messages,
                   count(distinct author_id) as speakers from {source} where kind in {TALK_KINDS} {without} group by 1, 2"""
    ).fetchnumpy()


# Who is compared


def shipped(features: Features, days: DayArrays) -> Floats:
    """As shown: with the community's own leaning, read off what had happened by each date."""
    model, last = Model.shipped(), int(features.today.max())
    leaning = leaning_of(model, days, last, windows=int(last - features.today.min()) // STEP)
    return expit(model.log_odds(features) + leaning.shift(features))


def shipped_bare(features: Features, days: DayArrays) -> Floats:
    """Without a look at the community's own past."""
    return Model.shipped().probabilities(features)


def count_alone(features: Features, days: DayArrays) -> Floats:
    return -features.figures["messages_30"]


def days_alone(features: Features, days: DayArrays) -> Floats:
    return -features.figures["days_90"]


def eight_counts(features: Features, days: DayArrays) -> Floats:
    """Messages and days with talk in 7, 30 and 90 days, speakers in 30 (a day each), days silent."""
    names = ("messages_30", "messages_90", "days_7", "days_30", "days_90", "silent")
    spans = Spans(days.talk(), np.searchsorted(days.keys, features.key), features.today)
    more = [spans.sum("messages", 7), spans.sum("speakers", 30)]
    return np.log1p(np.column_stack([*(features.figures[name] for name in names), *more]))


def taught_counts(lessons: Windows, least: int) -> Score:
    chosen = lessons.where(lessons.asked(least))
    counts = eight_counts(chosen.features, chosen.days)
    middle, spread = counts.mean(axis=0), counts.std(axis=0)
    weights = logistic((counts - middle) / spread, chosen.outcome(least))
    return lambda features, days: expit(_led((eight_counts(features, days) - middle) / spread) @ weights)


def logistic(terms: Floats, silent: Flags) -> Floats:
    """A plain logistic with a unit ridge on all weights but the first, which is the constant."""
    led, sign = _led(terms), np.where(silent, 1.0, -1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (led @ weights)
        slope = -(sign * expit(-margin)) @ led
        held = np.concatenate([[0.0], weights[1:]])
        return float(np.logaddexp(0.0, -margin).sum() + held @ held / 2), slope + held

    weights: Floats = minimize(loss, np.zeros(led.shape[1]), jac=True, method="L-BFGS-B").x
    return weights


def _led(terms: Floats) -> Floats:
    return np.column_stack([np.ones(len(terms)), terms])


def taught_terms(lessons: Iterable[Windows]) -> Score:
    """Our terms, fitted to other archives instead of generated communities."""
    parts = [each.where(each.asked(1)) for each in lessons]
    terms = np.concatenate([terms_of(part.features) for part in parts])
    line = fit(terms, np.concatenate([part.outcome(1) for part in parts]), np.concatenate([p.features.key for p in parts]))
    return lambda features, days: 1 / (1 + np.exp(-line.log_odds(terms_of(features))))


# What is printed


def print_archives(data: Path) -> None:
    known = {name: windows(days) for name, days in archives(data).items()}
    raku, zulip, telegram = known["Raku"], known["Zulip"], known["Telegram"]
    early, late = raku.where(~raku.late), raku.where(raku.late)
    print_auc("Raku, latest 40 % of dates", late, others(late, early, [zulip, telegram]))
    print_auc("Raku, earlier 60 % (choices were made here)", early, others(early, None, [zulip, telegram]))
    print_auc("Zulip, all dates (choices were made here)", zulip, others(zulip, None, [raku, telegram]))
    print_auc("Telegram, its one group", telegram, [])
    for name, asked in (("Raku, latest 40 %", late), ("Zulip", zulip), ("Telegram", telegram)):
        print_calibration(name, asked)
    print("\n| groups without talk for 30 days | n | silent on | AUC | mean p | Brier (base) |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, asked in (("Raku, latest 40 %", late), ("Zulip", zulip), ("Telegram", telegram)):
        print_asleep(name, asked.where(~asked.features.awake))


def others(asked: Windows, before: Windows | None, elsewhere: list[Windows]) -> list[tuple[str, Callable[[int], Score]]]:
    rows: list[tuple[str, Callable[[int], Score]]] = [
        ("the same without the community's own leaning", lambda least: shipped_bare),
        ("count of the 30 days alone", lambda least: count_alone),
        ("days with talk of 90 alone", lambda least: days_alone),
    ]
    if before is not None:
        rows.append(("logistic on eight counts, taught on Raku's earlier 60 %", lambda least: taught_counts(before, least)))
        rows.append(("research: our terms, taught on Raku's earlier 60 %", lambda least: taught_terms([before])))
    rows.append(("research: our terms, taught on the other archives only", lambda least: taught_terms(elsewhere)))
    return rows


def print_auc(name: str, asked: Windows, beside: list[tuple[str, Callable[[int], Score]]]) -> None:
    print(f"\n| {name} | " + " | ".join(f"N = {least}" for least in LEAST) + " |\n| --- |" + " ---: |" * len(LEAST))
    counted = [(int(asked.asked(least).sum()), int((asked.outcome(least) & asked.asked(least)).sum())) for least in LEAST]
    print("| forecasts, of them silent | " + " | ".join(f"{n}, {silent}" for n, silent in counted) + " |")
    for label, score in [("**shipped model**", lambda least: shipped), *beside]:
        print(f"| {label} | " + " | ".join(_auc_cell(asked, least, score(least)) for least in LEAST) + " |")


def _auc_cell(asked: Windows, least: int, score: Score) -> str:
    chosen = asked.where(asked.asked(least))
    said, silent = score(chosen.features, chosen.days), chosen.outcome(least)
    if not silent.any() or silent.all():
        return "-"
    low, high = auc_interval(silent, said, chosen.features.key, draws=1000)
    return f"{auc(silent, said):.3f} ({low:.3f}–{high:.3f})"


def print_calibration(name: str, asked: Windows) -> None:
    chosen = asked.where(asked.asked(1))
    said, silent = shipped(chosen.features, chosen.days), chosen.outcome(1)
    _print_bins(name, said, silent)
    _print_bins(f"{name}, without the leaning", shipped_bare(chosen.features, chosen.days), silent)


def _print_bins(name: str, said: Floats, silent: Flags) -> None:
    bins = calibration(said, silent)
    base = float(silent.mean())
    error = sum(each.forecasts * abs(each.said - each.happened) for each in bins) / len(said)
    print(
        f"\n{name}: n {len(said)}, said {said.mean():.3f}, happened {base:.3f}, calibration error {error:.3f}, "
        f"Brier {brier(said, silent):.4f} against {base * (1 - base):.4f} for the base rate\n"
    )
    print("| p | n | said | happened |\n| --- | ---: | ---: | ---: |")
    for each in bins:
        print(f"| {each.low:.0%} to {each.high:.0%} | {each.forecasts} | {each.said:.3f} | {each.happened:.3f} |")


def print_asleep(name: str, asked: Windows) -> None:
    said, silent = shipped(asked.features, asked.days), asked.outcome(1)
    base = float(silent.mean())
    order = f"{auc(silent, said):.3f}" if 0 < base < 1 else "-"
    score = f"{brier(said, silent):.3f} ({base * (1 - base):.3f})"
    print(f"| {name} | {len(said)} | {base:.3f} | {order} | {said.mean():.3f} | {score} |")


# Planted truth


def print_planted(seeds: Iterable[int]) -> None:
    """Each organisation's groups on five dates; which of them were planned to end is not told to the model."""
    parts = [each for seed in seeds for each in planted(seed)]
    said = np.concatenate([shipped(each.features, each.days) for each in parts])
    silent = np.concatenate([each.outcome(1) for each in parts])
    counts = np.concatenate([count_alone(each.features, each.days) for each in parts])
    group = np.concatenate([each.features.key for each in parts])
    low, high = auc_interval(silent, said, group, draws=1000)
    print(
        f"sample worlds: AUC {auc(silent, said):.3f} ({low:.3f}–{high:.3f}); the 30-day count alone {auc(silent, counts):.3f}"
    )
    _print_bins("sample worlds", said, silent)
    _print_bins("sample worlds, without the leaning", np.concatenate([shipped_bare(p.features, p.days) for p in parts]), silent)


def planted(seed: int) -> Iterator[Windows]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make(folder, seed=seed, until=UNTIL, groups=300, days=180)
        for name in json.loads((folder / "truth.json").read_text())["organisations"]:
            house = f"and author_id not in (select author_id from read_csv('{folder / name / 'house.csv'}'))"
            con = duckdb.connect()
            days = day_arrays(
                _by_day(con, f"'{folder / name / 'talk.parquet'}'", "(sent_at at time zone 'Asia/Shanghai')::date", house)
            )
            last = day_number(UNTIL.date()) - 1
            features = features_of(days, last - WITHIN * np.arange(1, 6))
            asked = Windows(days, features, np.ones(features.rows, dtype=np.bool_))
            yield asked.where(asked.asked(1))


# Case notes

ENDED = ("perl6", "perl6-dev", "rakudosketch", "masakism", "phasers", "november-wiki", "p6dev")
OVER = 60
"""Days of silence after which a channel's life was over, whatever a stray visitor said later."""


def print_cases(data: Path) -> None:
    rows = duckdb.connect().execute(
        """select group_id, day::date - date '1970-01-01', (messages - bot_messages)::int, human_authors::int
           from read_parquet($1) where messages > bot_messages""",
        [str(data / "irc_raku_daily.parquet")],
    )
    names, day, messages, speakers = rows.fetchnumpy().values()
    known, key = np.unique(names.astype(str), return_inverse=True)
    days = day_arrays({"group_key": key, "day": day, "messages": messages, "speakers": speakers})
    print(f"| channel | last words before {OVER} silent days | looked at | p (90 %) | what weighed most |")
    print("| --- | --- | --- | ---: | --- |")
    for name in ENDED:
        place = int(np.flatnonzero(known == name)[0])
        talked = days.day[days.row == place]
        last = int(talked[np.flatnonzero(np.diff(talked, append=10**6) > OVER)[0]])
        for back in (back for back in (90, 30, 7, 0, -14) if last - back >= talked[0]):
            print(_case(days, place, name, last, back))


def _case(days: DayArrays, place: int, name: str, last: int, back: int) -> str:
    forecast = outlook_of(days, last - back, Model.shipped()).forecasts[place]
    told = "; ".join(f"{reason_told(reason, 'en')} ({reason.weight:+.1f})" for reason in forecast.reasons)
    when = f"{back} days before" if back > 0 else ("that day" if back == 0 else f"{-back} days after")
    p = f"{forecast.p_silent_30d:.2f} ({forecast.low:.2f}–{forecast.high:.2f})"
    return f"| {name} | {_day(last)} | {when} | {p} | {told} |"


def _day(number: int) -> date:
    return day_of(number)


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind in ("archives", "cases"):
        kinds.add_parser(kind).add_argument("data", type=Path)
    kinds.add_parser("planted").add_argument("--seeds", type=_seeds, default=_seeds("301-305"))
    asked = parser.parse_args()
    if asked.kind == "planted":
        print_planted(asked.seeds)
    elif asked.kind == "archives":
        print_archives(asked.data)
    else:
        print_cases(asked.data)


if __name__ == "__main__":
    main()
