"""All themes by name."""

from __future__ import annotations

from .interests import HANDICRAFT, LIPSTICK, MOTHERS, PETS, PHOTOGRAPHY, RUNNING, SLIMMING
from .learning import CAMP, JOBS, QUESTIONS, READING, WRITING
from .shopping import FLASH, VIP, WELFARE
from .store import STORE

__all__ = [
    "CAMP",
    "FLASH",
    "HANDICRAFT",
    "JOBS",
    "LIPSTICK",
    "MOTHERS",
    "PETS",
    "PHOTOGRAPHY",
    "QUESTIONS",
    "READING",
    "RUNNING",
    "SLIMMING",
    "STORE",
    "VIP",
    "WELFARE",
    "WRITING",
]
