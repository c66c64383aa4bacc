"""Forms about accounts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huoqun.console.models import Role, Staff
from huoqun.console.zones import zone_choices


class OwnForm(forms.ModelForm):  # type: ignore[type-arg]
    """What everybody sets for themselves."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, help_text=_("All times are shown in it."))

    class Meta:
        model = Staff
        fields = ["name", "language", "zone"]
        labels = {"name": pgettext_lazy("of a person", "Name"), "language": _("Language")}
        help_texts = {"name": _("As colleagues know you.")}


class AddForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("To sign in with: letters, digits and @ . + - _; Chinese characters too."),
    )
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=80, required=False, help_text=_("As colleagues know them.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.OPERATOR)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
