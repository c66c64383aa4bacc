"""The checks on pages can fail: a page with one fault each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.window import INLINE, Window

GOOD = "<!doctype html><html lang=zh><head><title>x</title></head><body><main><h1>标题</h1>{}</main></body></html>"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<div style="width:3000px">宽</div>', "wider than the window"),
        ("<h1>又一个</h1>", "2 h1"),
        ("<h3>跳级</h3>", "heading jumps"),
        ("<input>", "no label"),
        ("<button><svg></svg></button>", "no words"),
        ('<p style="color:#aaa;background:#fff">淡</p>', "contrast"),
        ('<i id="a"></i><i id="a"></i>', "id twice"),
        ('<img src="data:,">', "no alt"),
    ],
)
def test_a_faulty_page_is_found_out(open_window: Callable[..., Window], body: str, fault: str) -> None:
    window = open_window()
    window.page.set_content(GOOD.format(body))
    with pytest.raises(AssertionError, match=fault):
        window.expect_fits()


def test_a_good_page_passes(open_window: Callable[..., Window]) -> None:
    window = open_window()
    window.page.set_content(GOOD.format("<label>名字 <input></label><button>存</button>"))
    window.expect_fits()


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<script>alert(1)</script>", True),
        ('<p style="color:red">', True),
        ('<a onclick="x()">', True),
        ("<style>p{}</style>", True),
        ('<script src="/static/a.js"></script>', False),
        ('<script id="a" type="application/json">{}</script>', False),
    ],
)
def test_inline_script_and_style_are_seen(html: str, found: bool) -> None:
    assert bool(INLINE.search(html)) is found


def test_what_a_page_complains_of_is_heard(open_window: Callable[..., Window]) -> None:
    window = open_window()
    window.page.set_content(GOOD.format(""))
    window.evaluate("() => console.error('kaputt')")
    assert window.complaints
    window.complaints.clear()
