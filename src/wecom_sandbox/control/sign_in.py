"""The pages at which one signs in: whoever visits chooses who they are. Sheet 21's addresses, on this host."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from wecom_sandbox.answer import Answer, Raw, page, redirect
from wecom_sandbox.archive.files import picture
from wecom_sandbox.company import Company
from wecom_sandbox.errors import NoSense, Refusal
from wecom_sandbox.media_shelf import MediaShelf
from wecom_sandbox.request import Request
from wecom_sandbox.visitors import OF_CORP, Visitors, of_app

from .registry import control

LONGEST_STATE = 128


@control("GET", "/connect/oauth2/authorize")
@control("GET", "/wwlogin/sso/login")
@control("GET", "/wwopen/sso/qrConnect")
def choose(company: Company, request: Request) -> Answer:
    """In-app, and with a QR code: a page with everybody's name instead of a scan. `as=<userid>` skips the page."""
    address = _checked(company, request)
    if request.query.get("as") is not None:
        return _go_on(company, request, address, request.query["as"])
    names = "".join(_link(request, staff.userid, staff.name) for staff in company.directory.present() if staff.works)
    host = escape(urlsplit(address).netloc)
    return page(
        f"<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><title>企业微信 沙盒登录</title>"
        f"<body style='font:16px sans-serif;max-width:28em;margin:3em auto'><h1>你是谁？</h1><p>登录后前往 {host}</p>"
        f"<ul>{names}{_link(request, '', '一位企业外的微信用户')}</ul>"
    )


def _checked(company: Company, request: Request) -> str:
    query = request.query
    if query.get("appid") != company.corpid:
        raise Refusal(40013)
    if len(query.get("state", "").encode()) > LONGEST_STATE:
        raise Refusal(40058, "state too long")
    parts = urlsplit(query.get("redirect_uri", ""))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refusal(50001)
    trusted = company.part(Visitors).trusted_domains
    if trusted is not None and parts.hostname not in trusted:
        raise Refusal(50001)
    return query["redirect_uri"]


def _link(request: Request, userid: str, name: str) -> str:
    return f"<li><a href='?{escape(urlencode({**request.query, 'as': userid}))}'>{escape(name)}</a>"


def _go_on(company: Company, request: Request, address: str, userid: str) -> Raw:
    visit = company.part(Visitors).arrive(userid=userid, scope=request.query.get("scope", "snsapi_base"))
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("code", visit.code), ("state", request.query.get("state", ""))]
    return redirect(urlunsplit(parts._replace(query=urlencode(query))))


@control("POST", "/sandbox/sign_in/code")
def make_code(company: Company, request: Request) -> Answer:
    """A code as it would come back to a page: {"userid"} or {"external_userid"}, and "scope"."""
    visit = company.part(Visitors).arrive(
        userid=request.text_or("userid"),
        external_userid=request.text_or("external_userid"),
        scope=request.text_or("scope", "snsapi_base"),
    )
    return {"code": visit.code}


@control("POST", "/sandbox/sign_in/domains")
def trust(company: Company, request: Request) -> Answer:
    """{"domains": [...]}: pages may lie only there; without it, anywhere."""
    given = request.json.get("domains")
    company.part(Visitors).trusted_domains = None if given is None else set(request.texts("domains"))
    return None


@control("POST", "/sandbox/sign_in/page")
def check_page(company: Company, request: Request) -> Answer:
    """Would the client let this page use its scripts? {"url", "noncestr", "timestamp", "signature", "agentid"?}; with an id
    as `wx.agentConfig`, without as `wx.config`.
    """
    agentid = request.json.get("agentid")
    company.part(Visitors).check_page(
        OF_CORP if agentid is None else of_app(agentid),
        signature=request.text("signature"),
        noncestr=request.text("noncestr"),
        timestamp=str(request.json.get("timestamp", "")),
        url=request.text("url"),
    )
    return None


@control("GET", "/sandbox/pictures/*")
def show_picture(company: Company, request: Request) -> Answer:
    """What was uploaded for good; and a patch of colour for every face and card."""
    kept = company.part(MediaShelf).pictures.get(request.rest)
    if kept is not None:
        return Raw(kept.content, kept.content_type)
    if not request.rest:
        raise NoSense("name a picture: /sandbox/pictures/<name>")
    return Raw(picture(request.rest), "image/png")
