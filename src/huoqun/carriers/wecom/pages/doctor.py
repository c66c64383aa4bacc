"""The check-up of a connection."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.doctor.examination import examine
from huoqun.carriers.wecom.pages import seen
from huoqun.console.permissions import Role, needs

IN_CHARGE = (Role.ADMIN, Role.LEAD)
WORDS = {
    Verdict.GOOD: lambda: _("works"),
    Verdict.LOOK: lambda: _("look at this"),
    Verdict.BAD: lambda: _("does not work"),
    Verdict.UNTRIED: lambda: _("not tried"),
    Verdict.UNUSED: lambda: _("not set up"),
}
WORST_FIRST = (Verdict.BAD, Verdict.LOOK, Verdict.UNTRIED, Verdict.GOOD, Verdict.UNUSED)


@dataclass(frozen=True, slots=True)
class Shown:
    finding: Finding
    mark: str
    words: str

    @property
    def folded(self) -> bool:
        """Nothing is to be done: one line is enough."""
        return self.finding.verdict in {Verdict.GOOD, Verdict.UNUSED}


@needs(*IN_CHARGE)
def page(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    """Opens at once; what is found comes behind it, as asking WeCom takes seconds."""
    return render(request, "wecom/doctor.html", {"corp": seen.company(request, pk)})


@needs(*IN_CHARGE)
@never_cache
def findings(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    """All checks, or those named in `only`."""
    corp = seen.company(request, pk)
    only = set(filter(None, request.GET.get("only", "").split(",")))
    found = list(examine(corp, only=only))
    found.sort(key=lambda each: WORST_FIRST.index(each.verdict))
    rows = [Shown(each, f"connection_{each.verdict}", WORDS[each.verdict]()) for each in found]
    context = {"corp": corp, "rows": rows, "sentence": sentence(found), "whole": not only}
    return render(request, "wecom/parts/findings.html", context)


def sentence(found: list[Finding]) -> str:
    """What is seen, in one sentence."""
    bad = sum(each.verdict is Verdict.BAD for each in found)
    look = sum(each.verdict is Verdict.LOOK for each in found)
    if bad:
        return ngettext("%(n)d thing does not work yet.", "%(n)d things do not work yet.", bad) % {"n": bad}
    if look:
        return ngettext("It works; %(n)d thing is worth a look.", "It works; %(n)d things are worth a look.", look) % {
            "n": look
        }
    return _("Everything that was tried works.")
