"""Makes the cases of a portfolio from an audit's tables, and diagnoses them all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from .case import Case, Days, PlanSeen
from .context import context_of
from .diagnosis import diagnose
from .findings import Diagnosis
from .partners import partners_of

COLUMNS = ("messages", "speakers", "house_messages", "joins", "leaves")


def cases_of(
    groups: pa.Table,
    days: pa.Table,
    plans: Mapping[int, PlanSeen],
    *,
    as_of: date,
    sources: Mapping[int, str] | None = None,
    overlaps: pa.Table | None = None,
) -> dict[int, Case]:
    """`groups` and `days` as in an audit's result (`days` may be longer); `sources` names the account of each group."""
    heard, rows = sources or {}, {row["group_key"]: row for row in groups.to_pylist()}
    by_group = days_of(days, as_of=as_of)
    around = context_of(by_group, plans, heard, as_of=as_of)
    partners = partners_of(rows, overlaps, plans, heard)
    return {
        key: Case(
            figures=row,
            as_of=as_of,
            plan=plans.get(key, PlanSeen()),
            days=by_group.get(key, Days()),
            **({"around": around[key]} if key in around else {}),
            partner=partners.get(key),
        )
        for key, row in rows.items()
    }


def diagnose_all(
    groups: pa.Table,
    days: pa.Table,
    plans: Mapping[int, PlanSeen],
    *,
    as_of: date,
    sources: Mapping[int, str] | None = None,
    overlaps: pa.Table | None = None,
) -> dict[int, Diagnosis]:
    """By group_key, every group of the audit."""
    cases = cases_of(groups, days, plans, as_of=as_of, sources=sources, overlaps=overlaps)
    return {key: diagnose(case) for key, case in cases.items()}


def days_of(days: pa.Table, *, as_of: date) -> dict[int, Days]:
    """The rows of each group, oldest first, none after the audit's day. `day` may be a date or days since 1970."""
    table = days.sort_by([("group_key", "ascending"), ("day", "ascending")])
    keys = np.asarray(table["group_key"].to_numpy(), dtype=np.int64)
    day = np.asarray(table["day"].to_numpy())
    day = day.astype("datetime64[D]").astype(np.int64) if day.dtype.kind == "M" else _numbers(day)
    known = day <= (as_of - date(1970, 1, 1)).days
    columns = {name: _column(table, name)[known] for name in COLUMNS}
    keys, day = keys[known], day[known]
    if not len(keys):
        return {}
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]).tolist()
    return {
        int(keys[start]): Days(day[start:end], **{name: values[start:end] for name, values in columns.items()})
        for start, end in zip(starts, [*starts[1:], len(keys)], strict=True)
    }


def _numbers(values: Any) -> Any:
    return np.asarray(values, dtype="datetime64[D]" if values.dtype.kind == "O" else np.int64).astype(np.int64)


def _column(table: pa.Table, name: str) -> Any:
    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=np.int64)
    return np.asarray(table[name].fill_null(0).to_numpy(), dtype=np.int64)
