"""Decisions of this carrier that need nothing but plain values."""

from __future__ import annotations

import hashlib
from urllib.parse import urldefrag, urlencode, urlsplit

VENDOR = "https://qyapi.weixin.qq.com"
IN_APP = "https://open.weixin.qq.com/connect/oauth2/authorize"
BY_SCAN = "https://login.work.weixin.qq.com/wwlogin/sso/login"


def page_signature(ticket: str, *, nonce: str, timestamp: int, url: str) -> str:
    """Of a page's address without its fragment, in lower-case hex."""
    plain = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={urldefrag(url).url}"
    return hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()


def in_app_address(api: str, *, corpid: str, agentid: int, back: str, state: str) -> str:
    """Where the app's own browser is sent to; it comes back by itself."""
    asked = {
        "appid": corpid,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
        "agentid": agentid,
    }
    return f"{_house(api, IN_APP)}?{urlencode(asked)}#wechat_redirect"


def scan_address(api: str, *, corpid: str, agentid: int, back: str, state: str) -> str:
    """Where any other browser is sent to: a code to be scanned with the app."""
    asked = {"login_type": "CorpApp", "appid": corpid, "agentid": agentid, "redirect_uri": back, "state": state}
    return f"{_house(api, BY_SCAN)}?{urlencode(asked)}"


def _house(api: str, page: str) -> str:
    """A private installation of WeCom, and a sandbox, have everything at one address; the vendor's has a house for each."""
    return page if api.rstrip("/") == VENDOR else api.rstrip("/") + urlsplit(page).path


def is_inside(user_agent: str) -> bool:
    """Whether this browser is the one within WeCom, on a phone or a desk."""
    return "wxwork/" in user_agent.lower()
