"""What the audit would have said of real groups a month before they died: `python bench/case_notes.py SHARED/data`.

The end is taken from the public IRC archive itself: the day after the last talk that was more than a stray word, as the audit
of the whole archive dates it. Then the archive is audited as of 30 days before that day, from what was knowable then. Prints
Markdown.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from huoqun.health.causes import wording
from huoqun.health.forecast.wording import reason_told
from huoqun.health.life.wording import sentence, state_name
from huoqun.wiring.file_audit import FileAudit, Question, audit_files

GROUPS = ("#perl6", "#perl6-dev", "#rakudosketch", "#p6dev", "#masakism", "#phasers", "#november-wiki")
BEFORE = timedelta(days=30)


def audited(data: Path, as_of: date | None) -> FileAudit:
    with (data / "irc_raku_bots.csv").open(encoding="utf-8") as file:
        house = {row["author_id"]: "bot" for row in csv.DictReader(file)}
    asked = Question(paths=[data / "community_irc_raku.parquet"], house=house, as_of=as_of)
    return audit_files(asked, report=lambda done, total, message: None)


def rows_of(audit: FileAudit) -> dict[str, dict[str, Any]]:
    """By the group's name."""
    result = audit.trial.result
    assert result is not None
    return {audit.trial.names[row["group_key"]][1]: row for row in result.groups.to_pylist()}


def note(name: str, end: date, audit: FileAudit) -> Iterator[str]:
    result = audit.trial.result
    row = rows_of(audit).get(name)
    if result is None or row is None or not row["talk_seen"]:
        yield f"**{name}**: nothing was known of it yet."
        return
    key = row["group_key"]
    found, foreseen = result.diagnoses[key], result.forecasts[key]
    yield f"**{name}**, ended {end}, as of {result.as_of}: {state_name(row['state'], language='en')} since {row['since']}; "
    yield f"silence within 30 days {foreseen.p_silent_30d:.0%} ({foreseen.low:.0%} to {foreseen.high:.0%})."
    yield " ".join(sentence(code, figures, language="en") for code, figures in result.reasons[key])
    yield " ".join(f"{reason_told(reason, 'en')}." for reason in foreseen.reasons)
    causes = [
        f"{wording.cause_name(cause.code, language='en')}: {wording.cause_sentence(cause.code, cause.figures, language='en')}"
        for cause in found.causes
    ]
    action = wording.action_name(found.action.code, language="en")
    yield f"Causes: {'; '.join(causes) or 'none said'}. Next action: {action}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    ends = {name: row["since"] for name, row in rows_of(audited(data, None)).items() if name in GROUPS}
    for name in GROUPS:
        print("\n".join(note(name, ends[name], audited(data, ends[name] - BEFORE))), end="\n\n")


if __name__ == "__main__":
    main()
