"""What customers paid to staff, and what was given back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .company import Company


@dataclass(slots=True)
class Bill:
    transaction_id: str
    out_trade_no: str
    pay_time: int
    external_userid: str
    payee_userid: str
    total_fee: int
    remark: str = ""
    payment_type: int = 0
    goods: list[tuple[str, int]] = field(default_factory=list)
    """(what, fen)"""
    contact: dict[str, str] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)

    @property
    def refunded(self) -> int:
        return sum(one["refund_fee"] for one in self.refunds)


class Bills:
    def __init__(self, company: Company) -> None:
        self._company = company
        self.all: list[Bill] = []

    def pay(self, bill: Bill) -> Bill:
        self.all.append(bill)
        return bill

    def refund(self, bill: Bill, *, by: str, fee: int, comment: str) -> str:
        number = self._company.new_id("refund", 28)
        bill.refunds.append(
            {
                "out_refund_no": number,
                "refund_userid": by,
                "refund_comment": comment,
                "refund_reqtime": self._company.clock.now(),
                "refund_status": 2,
                "refund_fee": fee,
            }
        )
        return number
