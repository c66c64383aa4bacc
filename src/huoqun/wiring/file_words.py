"""What the readers of files say, for `huoqun audit`, which has no Django settings to translate with."""

from __future__ import annotations

import gettext
from functools import cache
from importlib import resources

from huoqun.carriers.registry import Translate

CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.mo"


@cache
def file_words(language: str, *, package: str = "huoqun.carriers") -> Translate:
    """Translates the readers' sentences. English where the catalogue is not compiled, as in a fresh checkout."""
    compiled = resources.files(package).joinpath(CATALOGUE)
    if not language.startswith("zh") or not compiled.is_file():
        return str
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file).gettext
