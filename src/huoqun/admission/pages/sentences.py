"""How it went, in one sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.admission.queries import Lately


def lately(seen: Lately) -> str:
    """ "Of 320 people who came in the last 7 days 311 were welcomed, half of them within 1 second; 5 too late." """
    if not seen.came:
        return _("Nobody has come in the last 7 days.")
    came = ngettext("One person came in the last 7 days", "%(n)d people came in the last 7 days", seen.came) % {"n": seen.came}
    return f"{came}{_(': ')}{_('; ').join(_parts(seen))}{_('.')}"


def _parts(seen: Lately) -> list[str]:
    sent = seen.outcomes["sent"]
    told = [ngettext("one was welcomed", "%(n)d were welcomed", sent) % {"n": sent}]
    if seen.half_within is not None and sent > 1:
        told[0] += _(", half of them within %(seconds)d s") % {"seconds": max(1, seen.half_within)}
    words = {
        "late": _("%(n)d too late"),
        "refused": _("%(n)d not accepted"),
        "no_text": _("%(n)d without a text for them"),
        "no_code": _("%(n)d whom the carrier lets nobody welcome"),
        "unknown": _("of %(n)d nobody knows"),
        "stopped": _("%(n)d stopped"),
        "asked": _("%(n)d on the way"),
    }
    return told + [words[key] % {"n": seen.outcomes[key]} for key in words if seen.outcomes[key]]
