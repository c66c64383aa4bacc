"""What can go wrong with history, named after what the caller should do."""

from __future__ import annotations


class RowsRefused(ValueError):
    """The rows are not history rows; the message says which column and why. Nothing was written."""


class TryAgain(Exception):
    """Others kept changing the same files. Rows are added all or not at all; the same call may be made again."""
