"""Fonts of the machine, as far as a report needs them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Sarasa UI SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "SimHei",
    "SimSun",
)
"""Families with simplified Chinese, the best to read first."""
LATIN = ("Inter", "Noto Sans", "Liberation Sans", "Arial", "DejaVu Sans", "Libertinus Serif")
EMOJI = ("Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji")
PACKAGE = "fonts-noto-cjk"
"""Debian's package with the first of them."""


class NoChineseFont(Exception):
    """A text has Chinese in it and the machine has no font for it: boxes would come out. Install `PACKAGE`."""


@cache
def installed() -> typst.Fonts:
    """Looked for once in a process: it takes a moment where there are many."""
    import typst  # noqa: PLC0415 -- tens of megabytes that only a process which sets reports needs

    return typst.Fonts()


def families() -> Collection[str]:
    return frozenset(installed().families())


def chosen(there: Collection[str], *, chinese: bool) -> list[str]:
    """The families to set a text in, best first. Raises NoChineseFont where `chinese` cannot be set."""
    sinograms = [family for family in CHINESE if family in there]
    if chinese and not sinograms:
        raise NoChineseFont
    # Noto's Latin letters go with its Chinese; a Latin family first would take quotation marks from Chinese text.
    return [*sinograms[:1], *(family for family in (*LATIN, *EMOJI) if family in there)]
