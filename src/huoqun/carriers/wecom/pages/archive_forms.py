"""Forms about the conversation archive. Secrets and keys are typed in, never shown again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.carriers.wecom.archive.keys import BadKey, Pair, read_private

LONGEST_SECRET = 200
LARGEST_FILE_MB = 2048
LARGEST_VERSION = 1_000_000


def _hidden(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LONGEST_SECRET, widget=widget)


class Unshown(forms.Textarea):
    """What was typed in does not come back, not even where it was refused."""

    def format_value(self, value: Any) -> str:
        return ""


class SetUpForm(forms.Form):
    """What is empty and secret stays as it was."""

    archive_secret = _hidden(
        gettext_lazy("Archive secret"),
        gettext_lazy("Management tools → Conversation archive → Secret. Empty: it stays as it is."),
    )
    file_limit_mb = forms.IntegerField(
        label=gettext_lazy("Largest file that is kept, in megabytes"),
        min_value=0,
        max_value=LARGEST_FILE_MB,
        help_text=gettext_lazy("Pictures, voices, films and documents up to this size are kept. 0: none."),
    )
    proxy = forms.CharField(
        label=gettext_lazy("Proxy"),
        required=False,
        max_length=LONGEST_SECRET,
        help_text=gettext_lazy("Only where this server reaches WeCom through one: socks5://10.0.0.1:8081."),
    )
    proxy_password = _hidden(
        gettext_lazy("Name and password at the proxy"), gettext_lazy("As name:password. Empty: it stays as it is.")
    )

    def clean_archive_secret(self) -> str:
        return str(self.cleaned_data["archive_secret"]).strip()


class VersionForm(forms.Form):
    version = forms.IntegerField(
        label=gettext_lazy("Version"),
        min_value=1,
        max_value=LARGEST_VERSION,
        required=False,
        help_text=gettext_lazy("The number WeCom shows beside the public key. Empty: found out with the first record."),
    )


class SupplyForm(VersionForm):
    """A key that was made elsewhere."""

    private = forms.CharField(
        label=gettext_lazy("Private key"),
        max_length=10_000,
        widget=Unshown(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("The whole text, from BEGIN to END. It is kept encrypted and never shown again."),
    )
    field_order = ("private", "version")

    def clean_private(self) -> Pair:
        try:
            return read_private(self.cleaned_data["private"])
        except BadKey as bad:
            raise ValidationError(_(bad.sentence)) from None
