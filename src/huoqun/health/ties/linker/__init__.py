"""Which earlier message each message answers, with a probability (see README.md)."""

from .links import Links, link
from .model import Linker
from .talk import Talk

__all__ = ["Linker", "Links", "Talk", "link"]
