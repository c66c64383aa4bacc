"""What is printed and scanned: the QR codes of join ways and contact ways, and the page behind them; faces."""

from __future__ import annotations

from hashlib import sha256
from html import escape

from wecom_sandbox.answer import Answer, Raw, page
from wecom_sandbox.company import Company
from wecom_sandbox.errors import NoSense
from wecom_sandbox.qr_code import png
from wecom_sandbox.request import Request
from wecom_sandbox.ways import ContactWay, JoinWay

from .registry import control

COLOURS = ("#4f7cac", "#6a994e", "#bc6c25", "#9d4edd", "#c1121f", "#2a9d8f")


def _way(company: Company, config_id: str) -> JoinWay | ContactWay:
    found = company.join_ways.find(config_id) or company.contact_ways.find(config_id)
    if found is None:
        raise NoSense(f"there is no code {config_id!r} (any more)")
    return found


@control("GET", "/sandbox/qr/*")
def picture(company: Company, request: Request) -> Answer:
    way = _way(company, request.rest)
    return Raw(png(f"{company.base_url}/sandbox/scan/{way.config_id}"), "image/png")


@control("GET", "/sandbox/scan/*")
def landing(company: Company, request: Request) -> Answer:
    """What a customer sees who has scanned it."""
    way = _way(company, request.rest)
    if isinstance(way, JoinWay):
        groups = [group for chat_id in way.chat_id_list if (group := company.groups.find(chat_id)) is not None]
        title, button = f"邀请你加入群聊「{groups[0].name if groups else '(群已解散)'}」", "加入群聊"
    else:
        title, button = "扫一扫，添加我的企业微信", "添加到通讯录"
    return page(LANDING.format(title=escape(title), company=escape(company.name), button=button))


LANDING = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>{title}</title><body style="font-family:sans-serif;max-width:24rem;margin:3rem auto;text-align:center">
<p>{company}</p><h2>{title}</h2><form method="post"><label>你的名字 <input name="name" value="陶陶"></label>
<p><button>{button}</button></p></form></body></html>"""

LANDED = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<body style="font-family:sans-serif;max-width:24rem;margin:3rem auto;text-align:center"><h2>{said}</h2>
<p><a href="/sandbox/">看看这家公司</a></p></body></html>"""


@control("POST", "/sandbox/scan/*")
def scanned(company: Company, request: Request) -> Answer:
    name = request.form.get("name", "").strip()[:30]
    way = _way(company, request.rest)
    if isinstance(way, JoinWay):
        landed = company.people.do("scan_join_way", config_id=way.config_id, name=name)
        group = company.groups.get(landed["chat_id"])
        return page(LANDED.format(said=f"已加入「{escape(group.name or '群聊')}」"))
    landed = company.people.do("scan_contact_way", config_id=way.config_id, name=name)
    staff = company.directory.get(landed["userid"])
    return page(LANDED.format(said=f"已添加 {escape(staff.name)}"))


@control("GET", "/sandbox/avatars/*")
def face(company: Company, request: Request) -> Answer:
    """A coloured square with the first sign of the name."""
    staff = company.directory.find(request.rest)
    person = company.customers.find(request.rest) if staff is None else None
    name = staff.name if staff is not None else person.name if person is not None else "?"
    colour = COLOURS[sha256(request.rest.encode()).digest()[0] % len(COLOURS)]
    sign = escape(name[:1] or "?")
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" rx="12" fill="{colour}"/>'
        f'<text x="48" y="62" font-size="42" fill="#fff" text-anchor="middle">{sign}</text></svg>'
    )
    return Raw(svg.encode(), "image/svg+xml")
