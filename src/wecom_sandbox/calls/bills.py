"""Sheet 18.4: bills."""

from __future__ import annotations

from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.bills import Bill, Bills
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.quotas import DAY
from wecom_sandbox.request import BAD, Request

from .registry import call

MONTH = 31 * DAY


@call("POST", "/cgi-bin/externalpay/get_bill_list")
def get_bills(company: Company, request: Request) -> Answer:
    begin, end = request.number("begin_time"), request.number("end_time")
    if not 0 <= end - begin <= MONTH:
        raise Refusal(BAD)
    payee = request.text_or("payee_userid")
    fitting = [bill for bill in company.part(Bills).all if begin <= bill.pay_time <= end and payee in ("", bill.payee_userid)]
    told, following = company.cursors.page(
        request.text_or("cursor"),
        request.number("limit", 1000, low=1, high=1000),
        lambda start: enumerate(fitting[start:], start),
        _told,
        kind="bills",
        of=[begin, end, payee],
    )
    return {"next_cursor": following, "bill_list": told}


def _told(bill: Bill) -> dict[str, Any]:
    told: dict[str, Any] = {
        "transaction_id": bill.transaction_id,
        "bill_type": 0,
        "trade_state": 3 if bill.refunds else 1,
        "pay_time": bill.pay_time,
        "out_trade_no": bill.out_trade_no,
        "external_userid": bill.external_userid,
        "total_fee": bill.total_fee,
        "payee_userid": bill.payee_userid,
        "payment_type": bill.payment_type,
        "mch_id": "1600000000",
        "remark": bill.remark,
        "commodity_list": [{"description": what, "amount": fen} for what, fen in bill.goods],
        "total_refund_fee": bill.refunded,
        "refund_list": bill.refunds,
    }
    return told | ({"contact_info": bill.contact} if bill.contact else {})
