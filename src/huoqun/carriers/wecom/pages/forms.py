"""Forms about a company. Secrets are typed in, never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.carriers.wecom.models import API, Corp

LONGEST_SECRET = 200


def _secret(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    # One line that browsers do not offer to remember as somebody's password.
    widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=LONGEST_SECRET, widget=widget)


class AppForm(forms.Form):
    """The app through which the company is asked."""

    agentid = forms.IntegerField(
        label=gettext_lazy("AgentId"),
        min_value=1,
        max_value=2**53,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("On the same page as the secret: a number such as 1000002."),
    )
    app_secret = _secret(
        gettext_lazy("Secret"),
        gettext_lazy("App Management → your app → Secret → View. It comes to your phone."),
        required=True,
    )
    api = forms.URLField(
        label=gettext_lazy("Address of the interface"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Only for a private installation of WeCom or a sandbox. Empty: %(api)s.") % {"api": API},
    )

    def clean_api(self) -> str:
        return str(self.cleaned_data["api"] or "").rstrip("/")


class FirstForm(AppForm):
    """A company nobody here knows yet."""

    community = forms.ChoiceField(
        label=gettext_lazy("Community"), help_text=gettext_lazy("Its customer groups and customers come here.")
    )
    corpid = forms.CharField(
        label=gettext_lazy("Company ID"),
        max_length=64,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9_-]{4,64}$", gettext_lazy("A company id has letters and digits only, such as ww1a2b3c4d5e6f7890.")
            )
        ],
        help_text=gettext_lazy("My Company → Company information, at the very bottom."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=gettext_lazy("What you call it here"), max_length=120, required=False, help_text=gettext_lazy("Empty: its id.")
    )
    field_order = ("community", "corpid", "name", "agentid", "app_secret", "api")

    def __init__(self, communities: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].choices = list(communities.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        known = Corp.objects.filter(community=values.get("community"), corpid=values.get("corpid"))
        if known.exists():
            raise ValidationError(_("This company is connected to this community already. Change it on its own page."))
        return values


class ChangeForm(AppForm):
    """Of a company that is known: what stays empty stays as it is."""

    name = forms.CharField(label=gettext_lazy("What you call it here"), max_length=120, required=False)
    app_secret = _secret(gettext_lazy("Secret"), gettext_lazy("Empty: it stays as it is."))
    field_order = ("name", "agentid", "app_secret", "api")


class ContactForm(forms.Form):
    contact_secret = _secret(
        gettext_lazy("Secret of customer contact"),
        gettext_lazy("Only companies that set it up before December 2023 have one. Empty: the app's own is used."),
    )
