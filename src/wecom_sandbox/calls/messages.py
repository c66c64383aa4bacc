"""Sheet 20.1 to 20.3: messages of apps to staff, their internal chats, robots of internal groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.apps import App, Right
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.inboxes import Inboxes
from wecom_sandbox.message_bodies import read_body
from wecom_sandbox.quotas import DAY, HOUR, MINUTE, Limit
from wecom_sandbox.request import BAD, Request

from .registry import call

MOST_USERS, MOST_LISTS = 1000, 100
LONGEST_INTERVAL = 4 * HOUR


@dataclass(frozen=True)
class Addressed:
    to: list[str]
    bad_users: list[str]
    bad_parties: list[str]
    bad_tags: list[str]

    def told(self) -> dict[str, str]:
        lists = (("invaliduser", self.bad_users), ("invalidparty", self.bad_parties), ("invalidtag", self.bad_tags))
        return {name: "|".join(one.lower() for one in bad) for name, bad in lists}


@call("POST", "/cgi-bin/message/send", right=Right.APP)
def send(company: Company, request: Request) -> Answer:
    app = _app(company, request)
    kind = request.text("msgtype", missing=40008, wrong=40008)
    body = read_body(company, kind, request.fields.get(kind))
    addressed = _addressed(company, request, app)
    within = request.number("duplicate_check_interval", 1800, low=0, high=LONGEST_INTERVAL)
    letter, code = company.part(Inboxes).send(
        agentid=app.agentid or 0,
        kind=kind,
        body=body,
        to=addressed.to,
        duplicates_within=within if request.flag("enable_duplicate_check") else 0,
    )
    told = addressed.told() | {"unlicenseduser": "", "msgid": letter.msgid}
    return told | ({"response_code": code} if code else {})


def _app(company: Company, request: Request) -> App:
    """The app named is the one whose token it is."""
    agentid = request.number("agentid", wrong=41011)
    if request.app.agentid != agentid:
        raise Refusal(40056)
    return company.agent(agentid)


def _names(request: Request, name: str, most: int, too_many: int) -> list[str]:
    found = [one.strip() for one in request.text_or(name).split("|") if one.strip()]
    if len(found) > most:
        raise Refusal(too_many)
    return found


def _addressed(company: Company, request: Request, app: App) -> Addressed:
    users = _names(request, "touser", MOST_USERS, 40032)
    parties = _names(request, "toparty", MOST_LISTS, 82002)
    tags = _names(request, "totag", MOST_LISTS, 82003)
    if not (users or parties or tags):
        raise Refusal(82001)
    directory = company.directory
    if users == ["@all"]:
        return Addressed([one.userid for one in directory.present() if app.sees(one.userid)], [], [], [])
    good = {userid: _in_range(company, app, userid) for userid in users}
    known_parties = [one for one in parties if one.isdigit() and int(one) in directory.departments]
    known_tags = [one for one in tags if one.isdigit() and int(one) in directory.tags]
    to = [userid for userid in good.values() if userid]
    to += [one.userid for one in directory.in_departments(int(one) for one in known_parties) if app.sees(one.userid)]
    to += [userid for one in known_tags for userid in directory.tags[int(one)].users if app.sees(userid)]
    if not to:
        raise Refusal(81013)
    return Addressed(
        to,
        [userid for userid, found in good.items() if not found],
        [one for one in parties if one not in known_parties],
        [one for one in tags if one not in known_tags],
    )


def _in_range(company: Company, app: App, userid: str) -> str:
    staff = company.directory.find(userid)
    return staff.userid if staff is not None and staff.works and app.sees(staff.userid) else ""


@call("POST", "/cgi-bin/message/recall", right=Right.APP)
def recall(company: Company, request: Request) -> Answer:
    company.part(Inboxes).recall(request.text("msgid", missing=41046), request.app.agentid)
    return None


@call("POST", "/cgi-bin/message/update_template_card", right=Right.APP)
def update_card(company: Company, request: Request) -> Answer:
    """A tapped card becomes a button that says what was done, or another card."""
    _app(company, request)
    button, card = request.object("button"), request.object("template_card")
    if not card and not button.get("replace_name"):
        raise Refusal(42027)
    letter = company.part(Inboxes).use_code(request.text("response_code", missing=60140, wrong=60140))
    wanted = letter.to if request.flag("atall") else request.texts("userids", most=MOST_USERS, too_many=40032)
    for userid in wanted:
        if userid in letter.to:
            letter.shown[userid] = card or button["replace_name"]
    return {"invaliduser": [userid for userid in wanted if userid not in letter.to]}


@call("POST", "/cgi-bin/message/update_taskcard", right=Right.APP)
def update_task_card(company: Company, request: Request) -> Answer:
    """The older form: by task instead of response code."""
    app = _app(company, request)
    letter = company.part(Inboxes).with_task(request.text("task_id"), app.agentid)
    if letter is None:
        raise Refusal(60136)
    name = request.text("replace_name")
    for userid in request.texts("userids", most=MOST_USERS, missing=40063, too_many=40032):
        letter.shown[userid] = name
    return {"invaliduser": []}


# Chats of an app: internal groups only.


@dataclass
class InternalChat:
    chatid: str
    name: str
    owner: str
    users: list[str]
    agentid: int | None


@dataclass
class InternalChats:
    company: Company
    of_id: dict[str, InternalChat] = field(default_factory=dict)
    said: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """(chat or robot, kind, body)"""


MOST_IN_CHAT = 2000


@call("POST", "/cgi-bin/appchat/create", right=Right.APP, limits=(Limit(1000, DAY),))
def create_chat(company: Company, request: Request) -> Answer:
    users = request.texts("userlist", most=MOST_IN_CHAT, missing=40031, wrong=40031, too_many=40032)
    if len(users) < 2:
        raise Refusal(40031)
    for userid in users:
        company.directory.get(userid)
    owner = request.text_or("owner", users[0])
    if owner not in users:
        raise Refusal(40003)
    chats = company.part(InternalChats).of_id
    chatid = request.text_or("chatid", most=32, wrong=86001) or company.new_id("chat")
    if chatid in chats:
        raise Refusal(86001)
    chats[chatid] = InternalChat(chatid, request.text_or("name", most=50, wrong=86004), owner, users, request.app.agentid)
    return {"chatid": chatid}


def _chat(company: Company, request: Request, chatid: str) -> InternalChat:
    found = company.part(InternalChats).of_id.get(chatid)
    if found is None:
        raise Refusal(86003)
    if found.agentid != request.app.agentid:
        raise Refusal(86008)
    return found


@call("POST", "/cgi-bin/appchat/update", right=Right.APP, limits=(Limit(1000, HOUR),))
def update_chat(company: Company, request: Request) -> Answer:
    chat = _chat(company, request, request.text("chatid", missing=86001))
    gone = set(request.texts("del_user_list"))
    users = [one for one in dict.fromkeys([*chat.users, *request.texts("add_user_list")]) if one not in gone]
    owner = request.text_or("owner", chat.owner)
    if owner not in users or len(users) > MOST_IN_CHAT:
        raise Refusal(40031)
    chat.name, chat.owner, chat.users = request.text_or("name", chat.name, most=50, wrong=86004), owner, users
    return None


@call("GET", "/cgi-bin/appchat/get", right=Right.APP)
def get_chat(company: Company, request: Request) -> Answer:
    chat = _chat(company, request, request.text("chatid", missing=86001))
    return {"chat_info": {"chatid": chat.chatid, "name": chat.name, "owner": chat.owner, "userlist": chat.users}}


@call("POST", "/cgi-bin/appchat/send", right=Right.APP, limits=(Limit(20_000, MINUTE), Limit(300_000, HOUR)))
def send_to_chat(company: Company, request: Request) -> Answer:
    chat = _chat(company, request, request.text("chatid", missing=86001))
    kind = request.text("msgtype", missing=40008, wrong=40008)
    body = read_body(company, kind, request.fields.get(kind))
    company.part(InternalChats).said.append((chat.chatid, kind, body))
    return None


ROBOT_KINDS = {"text", "markdown", "image", "news", "file", "template_card"}
A_ROBOT = (Limit(20, MINUTE),)


@call("POST", "/cgi-bin/webhook/send", right=Right.OPEN)
def robot(company: Company, request: Request) -> Answer:
    """A robot of an internal group: whoever has its key may speak through it."""
    key = request.query.get("key", "")
    if not key:
        raise Refusal(93000, "invalid webhook url")
    company.quotas.spend_for("robot", key, A_ROBOT)
    kind = request.text("msgtype", missing=40008, wrong=40008)
    if kind not in ROBOT_KINDS:
        raise Refusal(40008)
    body = request.object(kind)
    if not body or (kind in {"text", "markdown"} and not body.get("content")):
        raise Refusal(44004 if kind in {"text", "markdown"} else BAD)
    company.part(InternalChats).said.append((key, kind, body))
    return None
