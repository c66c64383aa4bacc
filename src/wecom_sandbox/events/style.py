"""How events are spelled for a receiver: both spellings and shapes a real one may meet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    lists: str = "items"
    """"items" (today: `<Item>` children) or "joined" (older receivers: one text with commas): how MemChangeList is written."""
    shape: str = "xml"
    """"xml", or "json" as the platform's sample code for JSON receivers has it."""
    agent_id: str = "always"
    """Pushes of the system's own may come without the app's id: "always", "empty" or "missing"."""

    def __post_init__(self) -> None:
        for name, given, known in (
            ("lists", self.lists, {"items", "joined"}),
            ("shape", self.shape, {"xml", "json"}),
            ("agent_id", self.agent_id, {"always", "empty", "missing"}),
        ):
            if given not in known:
                raise ValueError(f"{name} is one of {', '.join(sorted(known))}, not {given!r}")
