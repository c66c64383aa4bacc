"""People with something at stake: an interest that grows where they are answered and wears off where they are not."""

from __future__ import annotations

from dataclasses import dataclass

from sample_world.dice import Dice
from sample_world.people import Member, Role, weight_of

MOST = 1.1
"""As interested as anybody can stay."""
REPLIES = {Role.CO_BUILDER: 1.0, Role.ACTIVE: 0.95, Role.CHATTERBOX: 0.6, Role.ONLOOKER: 0.08}
"""How readily a role joins in, of people who turn to others all the time."""


@dataclass(slots=True, eq=False)
class Soul(Member):
    """A member who is played day by day. `weight`, as the rest of sample_world reads it, is today's readiness to begin."""

    talk: float = 0.0
    """Conversations they begin a day, at an interest of 1 in a lively group."""
    reply: float = 0.0
    """How much they weigh among those who might answer."""
    interest: float = 1.0
    patience: float = 0.2
    """Below this interest they have given up."""
    tolerance: float = 0.0
    """What ads do not do to them: 1 is deaf to ads."""
    fades: float = 0.0
    """When life takes them elsewhere."""
    inviter: Member | None = None
    way: str = "code"
    fresh: bool = False
    """Has not said the first words yet."""
    gone_quiet: bool = False
    trust: float = 1.0
    """How readily they still ask here."""

    @property
    def speaks(self) -> bool:
        return self.talk > 0 and not self.gone_quiet

    def please(self, part: float) -> None:
        self.interest += part * max(0.0, MOST - self.interest)

    def calm(self) -> None:
        """The excitement of the first days wears off by itself."""
        if self.interest > MOST:
            self.interest = MOST + 0.84 * (self.interest - MOST)

    def hurt(self, part: float) -> None:
        self.interest *= 1 - part


def powers(role: Role, attention: float, dice: Dice) -> tuple[float, float]:
    """Raw talkativeness and readiness to answer of somebody with this role."""
    return weight_of(role, dice), attention * REPLIES.get(role, 0.0)
