"""What can be done with many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest

from huoqun.console.navigation import Words


@dataclass(frozen=True, kw_only=True)
class Action:
    """`run(rows, request, values)` does it to the rows (already within what this person may see) and answers what to say.

    It calls the room's operations. It may raise `django.core.exceptions.ValidationError` to refuse with a reason.
    """

    name: str
    label: Words
    run: Callable[[QuerySet[Any], HttpRequest, dict[str, Any]], str]
    roles: Collection[str] = ()
    form: Callable[[HttpRequest], type[Form]] | None = None
    """A form asked for beside the button, such as which tag."""
    confirm: Words = ""
    """A question asked before. Empty: done at once."""

    def is_for(self, role: str) -> bool:
        return not self.roles or role in self.roles

    def asked(self, request: HttpRequest, data: Any = None) -> Form | None:
        if self.form is None:
            return None
        # All actions stand in one HTML form: a browser would not send one of them while a field of another is empty.
        return self.form(request)(data, prefix=self.name, use_required_attribute=False)
