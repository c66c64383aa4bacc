"""Why a group is not heard and what would mend that, in words for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huoqun.community.models import Group
from huoqun.vocabulary.heard import Deaf


@dataclass(frozen=True, slots=True)
class Deafness:
    why: Promise
    remedy: Promise


DEAFNESS: dict[str, Deafness] = {
    Deaf.NO_ARCHIVE: Deafness(
        _("Its carrier hands messages over only through the conversation archive, and no archive is connected."),
        _(
            "Buy the archive from the carrier, enter its secret and key where the company is connected, and give a "
            "licence to at least one colleague in the group."
        ),
    ),
    Deaf.NOT_READ: Deafness(
        _("The conversation archive is set up but is not being read."),
        _(
            "Open the doctor on the company's page: it says what is missing. What was said meanwhile is kept for a "
            "few days and read then."
        ),
    ),
    Deaf.NO_LICENCE: Deafness(
        _("None of the colleagues in this group holds an archive licence, so nothing said here is archived."),
        _(
            "Give one of the colleagues in the group a licence in the carrier's administration, or add a colleague "
            "who holds one to the group."
        ),
    ),
    Deaf.NO_CONSENT: Deafness(
        _("All customers in this group refused that their messages are archived."),
        _(
            "Nobody may listen against their will. Ask them in the group whether they agree; as soon as one does, "
            "what they say is heard."
        ),
    ),
    Deaf.ADDRESSED_ONLY: Deafness(
        _("Our account in this group is told only what is addressed to it."),
        _("Make it an administrator of the group, or switch off its privacy mode at the carrier and add it again."),
    ),
}


def deafness(group: Group) -> Deafness | None:
    """None where the group is heard, or nobody said that it is not."""
    return DEAFNESS.get(group.deaf) if group.deaf else None
