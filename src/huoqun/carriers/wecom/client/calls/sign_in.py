"""Who somebody is who came from WeCom's sign-in page, and what signs a page shown inside WeCom."""

from __future__ import annotations

from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.client import Client


class Visitor(Answer):
    userid: str = ""
    """Of a colleague."""
    user_ticket: str = ""
    openid: str = ""
    external_userid: str = ""
    """Of a customer."""


class PageTicket(Answer):
    ticket: str = ""
    expires_in: int = 0


def visitor(client: Client, code: str) -> Visitor:
    """The code is good once: the call is never made again by itself."""
    return client.get_once("auth/getuserinfo", Visitor, code=code)


def company_ticket(client: Client) -> PageTicket:
    """For `wx.config`. Few are given an hour: keep it until it ends."""
    return client.get("get_jsapi_ticket", PageTicket)


def app_ticket(client: Client) -> PageTicket:
    """For `wx.agentConfig`. Few are given an hour: keep it until it ends."""
    return client.get("ticket/get", PageTicket, type="agent_config")
