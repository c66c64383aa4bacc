"""What goes out of the archive's rows and folder when a person is erased, or a company is disconnected."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import transaction

from . import files, operations


def forget(community: str, native_ids: Collection[str]) -> None:
    """Files of theirs go once it is sure that the rows have gone."""
    stored = operations.forget_people(community, native_ids)
    transaction.on_commit(partial(files.delete_files, stored))


def forget_company(corp_id: int) -> None:
    """Call it in the transaction that takes the company out; its rows go with it."""
    transaction.on_commit(partial(files.delete_folder, corp_id))
