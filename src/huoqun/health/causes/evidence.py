# ruff: noqa: S608 -- names of our own tables and whole numbers only; nothing from outside becomes SQL
"""The messages that show a cause: up to three for each, read from the view `history` and the tables an audit left behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from huoqun.health.rules import AD_PATTERN, CHECKIN_PATTERN, DAY_US, TALK_KINDS, microseconds

from .findings import Diagnosis

if TYPE_CHECKING:
    # Pages know the messages from snapshots; only an audit reads them.
    import duckdb

SHOWN = 3
TEXT = 400
OPENING_DAYS = 3
QUIET_DAYS = 14
"""Key people who said nothing in so many days before the group's own last word had gone."""

Said = dict[str, Any]
"""{"at" (milliseconds since 1970), "author", "kind", "text", "source_id"}"""
Messages = dict[int, dict[str, list[Said]]]
"""By group_key and code of the cause; a cause nothing was found for is left out."""


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of message: which rows of `said` it is (`where`, after `join`), and whether the first or last are shown."""

    where: str
    join: str = ""
    first: bool = False


_ASKS_WHAT_FOR = (
    "(这|咱|本).{0,3}群.{0,6}(干嘛|干啥|干什么|做什么|有什么用|啥用|什么用|什么群|啥群)"
    "|what is this (group|channel) (for|about)"
)
_UNANSWERED = "a.member_at IS NULL AND a.inferred_at IS NULL AND a.staff_at IS NULL"

SOURCES: Mapping[str, Source] = {
    "ads": Source(f"REGEXP_MATCHES(s.text, '{AD_PATTERN}')"),
    "member_ads": Source(f"s.house IS NULL AND REGEXP_MATCHES(s.text, '{AD_PATTERN}')"),
    "asked_what_for": Source(f"s.house IS NULL AND REGEXP_MATCHES(s.text, '{_ASKS_WHAT_FOR}', 'i')"),
    "check_ins": Source(f"s.house IS NULL AND REGEXP_MATCHES(s.text, '{CHECKIN_PATTERN}')"),
    "house_last": Source("NOT s.house IS NULL AND s.house <> 'bot'"),
    "last_conversation": Source("s.house IS NULL"),
    "opening": Source(
        f"s.at_us <= g.first_at + {OPENING_DAYS * DAY_US}",
        join="INNER JOIN talk_groups AS g ON s.group_key = g.group_key",
        first=True,
    ),
    "unanswered": Source(
        f"{_UNANSWERED} AND a.is_question",
        join="INNER JOIN answered AS a ON s.group_key = a.group_key AND s.source_id = a.source_id",
    ),
    "first_words_unanswered": Source(
        _UNANSWERED, join="INNER JOIN first_words AS a ON s.group_key = a.group_key AND s.source_id = a.source_id"
    ),
    "key_last_words": Source(
        f"r.place <= 5 AND s.at_us = r.last_at AND r.last_at < g.last_at - {QUIET_DAYS * DAY_US}",
        join="INNER JOIN role_window AS r ON s.group_key = r.group_key AND s.person_key = r.person_key "
        "INNER JOIN talk_groups AS g ON s.group_key = g.group_key",
    ),
}


def messages(con: duckdb.DuckDBPyConnection, diagnoses: Mapping[int, Diagnosis], *, until: datetime) -> Messages:
    """One query for each kind of message over all groups that want it; `until` (not included) is the end of the audit's day.

    Shows what `history` holds: where it reaches back three months, older words are not found, and no others stand in for them.
    """
    wanted = _wanted(diagnoses)
    found: Messages = defaultdict(lambda: defaultdict(list))
    for kind, causes_by_group in sorted(wanted.items()):
        for group, said in _read(con, kind, list(causes_by_group), until):
            for cause in causes_by_group[group]:
                listed = found[group][cause]
                if len(listed) < SHOWN and said["source_id"] not in {one["source_id"] for one in listed}:
                    listed.append(said)
    return {group: {cause: sorted(said, key=_time) for cause, said in causes.items()} for group, causes in found.items()}


def _wanted(diagnoses: Mapping[int, Diagnosis]) -> dict[str, dict[int, list[str]]]:
    """Kind of message → group → the causes it would show."""
    wanted: dict[str, dict[int, list[str]]] = {}
    for group, diagnosis in diagnoses.items():
        for cause in diagnosis.causes:
            for kind in cause.sources:
                wanted.setdefault(kind, {}).setdefault(group, []).append(cause.code)
    return wanted


def _read(con: duckdb.DuckDBPyConnection, kind: str, groups: list[int], until: datetime) -> list[tuple[int, Said]]:
    source = SOURCES[kind]
    kinds = ", ".join(f"'{talk}'" for talk in TALK_KINDS)
    order = "ASC" if source.first else "DESC"
    rows = con.execute(
        f"""
        WITH wanted AS (SELECT UNNEST(CAST($1 AS BIGINT[])) AS group_key),
        said AS (
          SELECT h.group_key, h.source_id, EPOCH_US(h.sent_at) AS at_us, h.author_key, h.kind, h.text,
            COALESCE(m.person_key, h.author_key) AS person_key, p.house
          FROM history AS h
          INNER JOIN wanted AS e ON h.group_key = e.group_key
          LEFT JOIN merged AS m ON h.author_key = m.author_key
          LEFT JOIN house_people AS p ON p.person_key = COALESCE(m.person_key, h.author_key)
          WHERE h.kind IN ({kinds}) AND NOT h.author_key IS NULL AND EPOCH_US(h.sent_at) < {microseconds(until)}
        )
        SELECT s.group_key, s.at_us, s.author_key, s.kind, LEFT(s.text, {TEXT}), s.source_id
        FROM said AS s {source.join}
        WHERE {source.where}
        QUALIFY ROW_NUMBER() OVER (
          PARTITION BY s.group_key ORDER BY s.at_us {order}, LENGTH(s.source_id) {order}, s.source_id {order}
        ) <= {SHOWN}
        ORDER BY s.group_key, s.at_us {order}, LENGTH(s.source_id) {order}, s.source_id {order}
        """,
        [groups],
    ).fetchall()
    return [
        (group, {"at": at_us // 1000, "author": author, "kind": talk, "text": text, "source_id": source_id})
        for group, at_us, author, talk, text, source_id in rows
    ]


def _time(said: Said) -> tuple[int, str]:
    return said["at"], said["source_id"]
