"""What a playbook can be meant to change: weekly measures of a group, people of the house left out."""

from __future__ import annotations

from huoqun.carriers.base import gettext_noop

MEASURES: dict[str, str] = {
    "messages": gettext_noop("messages of members in a week (as logarithm, so that one loud group does not decide)"),
    "speakers": gettext_noop("different members who said something in a week"),
    "days": gettext_noop("days of a week on which a member said something"),
    "joins": gettext_noop("people who came in in a week"),
    "leaves": gettext_noop("people who left in a week"),
    "alive": gettext_noop("whether a member said anything in a week"),
}
