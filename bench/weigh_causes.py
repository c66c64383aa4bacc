"""Fits how much each sign counts for each cause: `python bench/weigh_causes.py --seeds 1-8 [--write]`.

On development worlds of `sample_world.causes` only (`bench/planted.py` reports on others). A multinomial logistic with a ridge
in which no weight may be negative, over every group whose silence no closed season and no gap in the record explains; of a
group with two causes the main one counts three quarters. Prints the weights; `--write` puts them into the package.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from planted import Organisation, huoqun, load, worlds
from scipy.optimize import minimize

from huoqun.health import conclusions, engine
from huoqun.health.causes.cases import cases_of
from huoqun.health.causes.diagnosis import ALONE
from huoqun.health.causes.known import known_causes
from huoqun.health.causes.signs import NOTHING, RULE, SIGNS, read
from huoqun.health.causes.weighing import SHIPPED

MAIN, RIDGE = 0.75, 1.0
LEAST = 2.0
"""What the search for a cause found counts at least so much: it knows more than generated worlds can show."""
CODES = tuple(SIGNS)
PLACES = [(place, sign.name) for place, code in enumerate(CODES) for sign in SIGNS[code]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]


def seen(folder: Path) -> Iterator[tuple[list[float], list[float]]]:
    """Of each group that can be told: its signs, unknown ones as nan, and what it died of, by code."""
    told = json.loads((folder / "truth.json").read_text())
    until = datetime.fromisoformat(told["until"])
    for slug, organisation in told["organisations"].items():
        yield from _of(Organisation(folder / slug, until, ZoneInfo(told["zone"])), organisation["groups"])


def _of(place: Organisation, truth: Mapping[str, Any]) -> Iterator[tuple[list[float], list[float]]]:
    with engine.connect() as con:
        load(con, place)
        result = huoqun(con, place)
        names = dict(con.execute("SELECT group_key, group_id FROM listed").fetchall())
        plans, carriers = conclusions._plans(con)
        cases = cases_of(result.groups, conclusions._days(con), plans, as_of=result.as_of, sources=carriers)
    for key, case in cases.items():
        findings = {code: cause.look(case) for code, cause in known_causes().items()}
        told = truth[names[key]]
        alone = any(finding is not None and finding.strength >= 1 for finding in map(findings.get, ALONE))
        if case.state and not alone and told["recorded_until"] is None and set(told["causes"]) <= set(CODES):
            shown = read(case, findings)
            yield [np.nan if sign is None else sign for code in CODES for sign in shown[code]], _meant(told["causes"])


def _meant(causes: list[str]) -> list[float]:
    shares = {causes[0]: 1.0} if len(causes) == 1 else {causes[0]: MAIN, causes[1]: 1 - MAIN} if causes else {NOTHING: 1.0}
    return [shares.get(code, 0.0) for code in CODES]


def fit(signs: Numbers, meant: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The weight of each sign, the base of each code, and what each sign shows on average."""
    usual = np.nanmean(signs, axis=0)
    shown = np.where(np.isnan(signs), usual, signs)
    gather = np.array([[float(place == code) for code in range(len(CODES))] for place, _ in PLACES])
    count = len(PLACES)

    def loss(asked: Numbers) -> tuple[float, Numbers]:
        scores = (shown * asked[:count]) @ gather + asked[count:]
        scores -= scores.max(axis=1, keepdims=True)
        total = np.log(np.exp(scores).sum(axis=1))
        off = np.exp(scores - total[:, None]) - meant
        slope = ((off @ gather.T) * shown).sum(axis=0) + RIDGE * asked[:count]
        worth = total.sum() - (meant * scores).sum() + RIDGE / 2 * (asked[:count] ** 2).sum()
        return float(worth), np.concatenate([slope, off.sum(axis=0)])

    bounds = [(LEAST if name == RULE else 0.0, None) for _, name in PLACES] + [(None, None)] * len(CODES)
    found = minimize(loss, np.zeros(count + len(CODES)), jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:count], found.x[count:], usual


def as_json(weights: Numbers, base: Numbers, usual: Numbers, about: str) -> Mapping[str, Any]:
    signs: dict[str, dict[str, dict[str, float]]] = {code: {} for code in CODES}
    for (place, name), weight, shows in zip(PLACES, weights, usual, strict=True):
        signs[CODES[place]][name] = {"weight": round(float(weight), 2), "usual": round(float(shows), 2)}
    return {"about": about, "base": {code: round(float(b), 2) for code, b in zip(CODES, base, strict=True)}, "signs": signs}


def text_of(told: Mapping[str, Any]) -> str:
    """JSON with one sign a line."""
    signs = ",\n".join(
        f'  "{code}": {{\n' + ",\n".join(f'   "{name}": {json.dumps(each)}' for name, each in named.items()) + "\n  }"
        for code, named in told["signs"].items()
    )
    return f'{{\n "about": {json.dumps(told["about"])},\n "base": {json.dumps(told["base"])},\n "signs": {{\n{signs}\n }}\n}}\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1-8", help="of development worlds, for example 1-8")
    parser.add_argument("--worlds", type=Path, help="keep the worlds here and use them again")
    parser.add_argument("--write", action="store_true", help=f"into {SHIPPED.name}")
    asked = parser.parse_args()
    first, _, last = asked.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    rows = [row for folder in worlds(seeds, "development", 300, asked.worlds) for row in seen(folder)]
    about = f"Fitted by bench/weigh_causes.py on {len(rows)} groups of generated worlds: development, seeds {asked.seeds}."
    told = as_json(*fit(np.array([signs for signs, _ in rows]), np.array([meant for _, meant in rows])), about)
    text = text_of(told)
    print(text)
    if asked.write:
        SHIPPED.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
