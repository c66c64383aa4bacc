"""Writing a welcome."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huoqun.admission.models import Welcome
from huoqun.admission.rules import LONGEST, NAMES, is_too_long, strangers


def _name(variable: str) -> str:
    """As the reader's language calls it: Chinese first, the plain word last."""
    chinese, *_others, plain = NAMES[variable]
    return chinese if (get_language() or "").startswith("zh") else plain


def _written(name: str) -> str:
    return f"{{{{{name}}}}}"


def _variables() -> dict[str, str]:
    return {variable: _written(_name(variable)) for variable in NAMES}


WEB = URLValidator(schemes=["http", "https"])


class WelcomeForm(forms.Form):
    source = forms.CharField(
        label=gettext_lazy("For those who come by"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("What the live code was given as its source. Empty: for everybody without a text of their own."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 6}))
    link_url = forms.CharField(label=gettext_lazy("Link"), max_length=1000, required=False)
    link_title = forms.CharField(label=gettext_lazy("Title of the link"), max_length=60, required=False)
    is_on = forms.BooleanField(label=gettext_lazy("Welcome them with this"), required=False, initial=True)

    def __init__(self, data: Any = None, *, welcome: Welcome | None = None) -> None:
        names = ("source", "text", "link_url", "link_title", "is_on")
        super().__init__(data, initial={name: getattr(welcome, name) for name in names} if welcome else {})
        self.fields["text"].help_text = _(
            "%(name)s is the newcomer, %(colleague)s the colleague they added, %(community)s this community."
            " %(example)s says what to call somebody whose name is not known."
        ) % {**_variables(), "example": _written(f"{_name('name')}|{_('friend')}")}

    def clean_source(self) -> str:
        return str(self.cleaned_data["source"]).strip()

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
        if unknown := strangers(text):
            raise ValidationError(
                _("Nobody knows what to put in place of %(names)s. There are %(name)s, %(colleague)s and %(community)s.")
                % {**_variables(), "names": _(", ").join(unknown)}
            )
        if is_too_long(text):
            raise ValidationError(
                _("With names filled in it is longer than a carrier takes (%(bytes)d bytes). Make it shorter.")
                % {"bytes": LONGEST}
            )
        return text

    def clean_link_url(self) -> str:
        url = str(self.cleaned_data["link_url"]).strip()
        if url:
            try:
                WEB(url)
            except ValidationError as wrong:
                raise ValidationError(_("Enter a web address that begins with http:// or https://.")) from wrong
        return url

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("link_url") and not said.get("link_title"):
            self.add_error("link_title", _("A link needs a title: it is what people see."))
        return said
