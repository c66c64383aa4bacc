"""Which calls came: what tests count."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from .request import Request


class CallLog:
    """Keeps no token and no secret."""

    def __init__(self, keep: int = 1000) -> None:
        self.last: deque[dict[str, Any]] = deque(maxlen=keep)
        self.counts: Counter[str] = Counter()
        self.errors: Counter[int] = Counter()

    def note(self, request: Request, errcode: int, seconds: float, fault: str) -> None:
        self.counts[request.path] += 1
        if errcode:
            self.errors[errcode] += 1
        self.last.append(
            {"path": request.path, "errcode": errcode, "ms": round(seconds * 1000, 2), "fault": fault, "ip": request.ip}
        )

    def forget(self) -> None:
        self.last.clear()
        self.counts.clear()
        self.errors.clear()
