"""What can go wrong here, named after what to do about it."""

from __future__ import annotations


class LeadsNowhere(ValueError):
    """Choose where it leads: groups, or colleagues, all on one carrier, and no more than a code may lead to."""


class NotLive(Exception):
    """It has ended, or is not there yet: nothing about it can be changed now."""
