"""What staff say about a group: for whom, what for, how long, who operates it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.community import queries
from huoqun.community.models import Group, Lifecycle
from huoqun.community.operations import groups
from huoqun.community.operations.groups import DESCRIBED
from huoqun.console.models import Staff
from huoqun.console.permissions import WORKERS, needs


class Description(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Group
        fields = DESCRIBED
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "planned_end": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"operator": gettext_lazy("Operator")}
        help_texts = {
            "purpose": gettext_lazy("Gather whom, to do what together? One sentence."),
            "planned_end": gettext_lazy("For seasonal and flash groups: reaching it is success, not death."),
            "capacity": gettext_lazy("Empty: the carrier's own limit."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seated = Staff.objects.filter(is_active=True, seats__community=self.instance.community)
        admins = Staff.objects.filter(is_active=True, role="admin")
        self.fields["operator"].queryset = (seated | admins).distinct().order_by("username")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("lifecycle") == Lifecycle.FLASH and not values.get("planned_end"):
            self.add_error("planned_end", _("A flash group ends on a day: give it."))
        return values


@needs(*WORKERS)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    group = queries.groups(request.user).select_related("community").filter(pk=pk).first()
    if group is None:
        raise Http404
    form = Description(request.POST or None, instance=group)
    if request.method == "POST" and form.is_valid():
        groups.describe([group], **{name: form.cleaned_data[name] for name in DESCRIBED})
        messages.success(request, _("Saved. The next audit judges the group by this plan."))
        return HttpResponseRedirect(reverse("health:group", args=[pk]))
    return render(request, "health/describe.html", {"group": group, "form": form}, status=422 if form.errors else 200)
