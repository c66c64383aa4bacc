"""How results differ between operators, over groups that can be compared (A27): arithmetic only, but for `effort`."""

from .dispersion import GroupOutcome, OperatorRow, Spread, disperse, spread

__all__ = ["GroupOutcome", "OperatorRow", "Spread", "disperse", "spread"]
