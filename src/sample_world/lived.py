"""A group after its life: what was planned, and what can be seen."""

from __future__ import annotations

from dataclasses import dataclass

from .life.scene import Scene
from .plan import Plan
from .rows import Row


@dataclass(slots=True)
class Lived:
    plan: Plan
    scene: Scene
    rows: list[Row]
