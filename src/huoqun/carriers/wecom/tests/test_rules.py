from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from huoqun.carriers.wecom.rules import VENDOR, in_app_address, is_inside, page_signature, scan_address

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


def test_a_page_is_signed_as_the_vendor_does() -> None:
    signed = page_signature(TICKET, nonce="Wm3WZYTPz0wzccnW", timestamp=1414587457, url="http://mp.weixin.qq.com?params=value")
    assert signed == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert signed == page_signature(
        TICKET, nonce="Wm3WZYTPz0wzccnW", timestamp=1414587457, url="http://mp.weixin.qq.com?params=value#down"
    ), "the fragment does not count"


@pytest.mark.parametrize(
    ("api", "in_app", "by_scan"),
    [
        (VENDOR, "open.weixin.qq.com/connect/oauth2/authorize", "login.work.weixin.qq.com/wwlogin/sso/login"),
        ("https://im.firm.example", "im.firm.example/connect/oauth2/authorize", "im.firm.example/wwlogin/sso/login"),
    ],
)
def test_the_pages_that_ask_who_one_is_lie_with_the_vendor_or_with_the_private_house(
    api: str, in_app: str, by_scan: str
) -> None:
    asked = {"corpid": "ww1", "agentid": 1000002, "back": "https://h.example/wecom/in/back/?a=b", "state": "s"}
    for address, place in ((in_app_address, in_app), (scan_address, by_scan)):
        parts = urlsplit(address(api, **asked))  # type: ignore[arg-type]
        query = parse_qs(parts.query)
        assert parts.netloc + parts.path == place
        assert query["redirect_uri"] == [asked["back"]]
        assert query["state"] == ["s"]
        assert query["agentid"] == ["1000002"]
    assert in_app_address(api, **asked).endswith("#wechat_redirect")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("agent", "inside"),
    [
        ("Mozilla/5.0 (iPhone) wxwork/4.1.20 MicroMessenger/7.0.1 Language/zh", True),
        ("Mozilla/5.0 (Windows NT 10.0) WindowsWechat wxwork/4.1.0", True),
        ("Mozilla/5.0 (iPhone) MicroMessenger/8.0.40", False),
        ("", False),
    ],
)
def test_wecoms_own_browser_is_known_from_wechats(agent: str, inside: bool) -> None:
    assert is_inside(agent) is inside
