"""What a chat program itself writes into a group, understood: joins, invitations, leaves, recalls, red packets claimed.

Only for records the export marks as the program's own: a member may type any of these sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Happening(StrEnum):
    JOINED = "joined"
    LEFT = "left"
    RECALLED = "recalled"
    GROUP_RENAMED = "group_renamed"
    OWNER = "owner"
    CLAIMED = "claimed"
    CREATED = "created"


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that happened to one person. Names stand as in the sentence, without quotes; "你" is the exporting account."""

    happening: Happening
    who: str = ""
    by: str = ""
    way: str = ""
    name: str = ""
    """The group's new name."""


_QUOTES = "\"'“”‘’「」『』"
_GROUP = r"(?:群聊|本群|该群|群组|此群|群)"
_BUTTONS = ("撤销", "重新编辑", "Revoke")
"""What can be pressed beside a sentence stands at its end in some exports."""

_Sentence = tuple[str, Happening, str]
_CHINESE: tuple[_Sentence, ...] = (
    # how people come in; the third part is the way in
    (rf"(?P<by>.+?) ?邀请(?P<who>.+?)(?:加入|进入)了?{_GROUP}(?:，群聊参与人还有[：:].*)?", Happening.JOINED, "invited"),
    (rf"(?P<who>.+?) ?(?:通过|经由?)(?P<by>.+?)的?邀请(?:加入|进入)了?{_GROUP}", Happening.JOINED, "invited"),
    (rf"(?P<who>.+?)被(?P<by>.+?)邀请(?:加入|进入)了?{_GROUP}", Happening.JOINED, "invited"),
    (rf"(?P<who>.+?) ?通过扫描(?P<by>.+?)分享的(?:群)?二维码(?:加入|进入)了?{_GROUP}", Happening.JOINED, "code"),
    (rf"(?P<who>.+?) ?通过(?:扫描)?(?:群)?(?:二维码|扫码)(?:加入|进入)了?{_GROUP}", Happening.JOINED, "code"),
    (rf"(?P<who>.+?) ?通过(?P<by>.+?)分享的(?:群)?链接(?:加入|进入)了?{_GROUP}", Happening.JOINED, "link"),
    (rf"(?P<by>.+?)(?:已)?同意(?:了)?(?P<who>.+?)(?:的)?(?:加群申请|入群申请|加入{_GROUP})", Happening.JOINED, "request"),
    (rf"(?P<who>.+?) ?通过(?P<way>[^\s，。]{{2,12}}?)(?:加入|进入)了?{_GROUP}", Happening.JOINED, ""),
    (rf"(?:欢迎)?(?P<who>.+?) ?(?:已经?)?(?:加入|进入)了?{_GROUP}(?:[，,].*)?", Happening.JOINED, ""),
    # how they go
    (rf"(?P<by>.+?)(?:已)?将(?P<who>.+?)(?:移出|踢出|请出)了?{_GROUP}(?:聊天)?", Happening.LEFT, ""),
    (rf"(?P<who>.+?)(?:已)?被(?P<by>.+?)?(?:移出|踢出|请出)了?{_GROUP}(?:聊天)?", Happening.LEFT, ""),
    (r"(?P<by>你)(?:已)?(?:移出|踢出)了?(?P<who>.+?)", Happening.LEFT, ""),
    (rf"(?P<who>.+?) ?(?:已经?)?(?:退出|离开)了?{_GROUP}(?:聊天)?", Happening.LEFT, ""),
    # recalls; "成员" is QQ's word when an administrator recalls somebody else's message
    (r"(?P<by>.+?) ?(?:尝试)?撤回了(?:(?P<who>.+?)的)?一条(?:成员)?(?:消息|信息)(?:[，,].*)?", Happening.RECALLED, ""),
    # name and owner
    (r"(?P<by>.+?) ?(?:已)?(?:将|把)群(?:聊)?名称?(?:修改|更改|改)?(?:为|成)(?P<name>.+)", Happening.GROUP_RENAMED, ""),
    (r"(?P<by>.+?) ?(?:已)?(?:修改|更改|改)了?群(?:聊)?名称?(?:为|成)[：:]?(?P<name>.+)", Happening.GROUP_RENAMED, ""),
    (r"(?P<by>.+?) ?(?:已)?将?群主(?:身份|权限)?(?:转让|移交|转移)给了?(?P<who>.+?)", Happening.OWNER, ""),
    (r"(?P<by>.+?) ?(?:已)?将(?:本)?群(?:聊)?(?:转让|移交)给了?(?P<who>.+?)", Happening.OWNER, ""),
    (r"(?P<who>.+?) ?(?:已)?成为(?:了)?(?:本群)?新?的?群主", Happening.OWNER, ""),
    # red packets: who claimed, whose packet
    (r"(?P<who>.+?) ?领取了(?P<by>.+?)的?(?:QQ|微信|拼手气|口令|专属)?红包(?:[，,].*)?", Happening.CLAIMED, ""),
    (r"(?P<by>.+?) ?(?:创建|发起|建立)了(?:该|本|这个)?群(?:聊|组)?", Happening.CREATED, ""),
)
_CHAT = r"(?:the |a |this )?(?:group chat|group)"
_ENGLISH: tuple[_Sentence, ...] = (
    (rf"(?P<by>.+?) invited (?P<who>you) to {_CHAT} with .+", Happening.JOINED, "invited"),
    (rf"(?P<by>you)(?:'ve| have)? invited (?P<who>.+?) to {_CHAT}", Happening.JOINED, "invited"),
    (rf"(?P<by>.+?) (?:has )?invited (?P<who>.+?) to {_CHAT}", Happening.JOINED, "invited"),
    (rf"(?P<who>.+?) joined {_CHAT} via the QR code shared by (?P<by>.+?)", Happening.JOINED, "code"),
    (rf"(?P<who>.+?) joined {_CHAT} via the QR code (?P<by>you) shared", Happening.JOINED, "code"),
    (rf"(?P<who>.+?) joined {_CHAT} via (?P<by>your) shared QR code", Happening.JOINED, "code"),
    (rf"(?P<who>.+?) (?:has )?joined {_CHAT}", Happening.JOINED, ""),
    (rf"(?P<who>you) were removed from {_CHAT}(?: by (?P<by>.+?))?", Happening.LEFT, ""),
    (rf"(?P<by>.+?) (?:has )?removed (?P<who>.+?) from {_CHAT}", Happening.LEFT, ""),
    (rf"(?P<who>.+?) (?:has )?left {_CHAT}", Happening.LEFT, ""),
    (r"(?P<by>.+?) (?:has )?recalled a message", Happening.RECALLED, ""),
    (r"(?P<by>.+?) (?:has )?changed the group(?: chat)? name to (?P<name>.+)", Happening.GROUP_RENAMED, ""),
    (r"(?P<who>.+?) (?:is|has become|became) the new group owner", Happening.OWNER, ""),
    (r"(?P<by>.+?) transferred the group ownership to (?P<who>.+?)", Happening.OWNER, ""),
    (r"(?P<who>.+?) opened (?P<by>.+?)(?:'s)? red packet", Happening.CLAIMED, ""),
    (rf"(?P<by>.+?) created {_CHAT}", Happening.CREATED, ""),
)


def _compiled(sentences: tuple[_Sentence, ...], flags: int) -> list[tuple[re.Pattern[str], Happening, str]]:
    return [(re.compile(words, flags | re.DOTALL), what, way) for words, what, way in sentences]


_PATTERNS = _compiled(_CHINESE, 0) + _compiled(_ENGLISH, re.IGNORECASE)
LONGEST_SENTENCE = 1000
"""Nothing longer is looked at: the programs write short sentences, and matching must not become slow on a pasted novel."""


def understand(sentence: str) -> list[Understood]:
    """What the sentence says, one entry a person; empty where it says nothing known."""
    sentence = _plain(sentence)
    if len(sentence) > LONGEST_SENTENCE:
        return []
    for pattern, happening, way in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            return _MEANINGS[happening](found.groupdict(default=""), happening, way)
    return []


def _plain(sentence: str) -> str:
    """One space where there are several, no buttons and no full stop: patterns that allowed for any number of spaces
    beside any name would try every way to share them out.
    """
    words = " ".join(sentence.split())
    for button in _BUTTONS:
        words = words.removesuffix(button)
    return words.rstrip(" 。.")


_Parts = dict[str, str]


def _each_person(parts: _Parts, happening: Happening, way: str) -> list[Understood]:
    by = _bare(parts.get("by", ""))
    return [Understood(happening, who=who, by=by, way=_bare(parts.get("way", "")) or way) for who in people_in(parts["who"])]


def _one_person(parts: _Parts, happening: Happening, way: str) -> list[Understood]:
    who, by = _bare(parts.get("who", "")), _bare(parts.get("by", ""))
    return [Understood(happening, who=who, by=who if by in _SELF_REFERENCES else by)]


def _new_name(parts: _Parts, happening: Happening, way: str) -> list[Understood]:
    return [Understood(happening, by=_bare(parts["by"]), name=_bare(parts["name"]))]


_MEANINGS: dict[Happening, Callable[[_Parts, Happening, str], list[Understood]]] = {
    Happening.JOINED: _each_person,
    Happening.LEFT: _each_person,
    Happening.RECALLED: _one_person,
    Happening.GROUP_RENAMED: _new_name,
    Happening.OWNER: _one_person,
    Happening.CLAIMED: _one_person,
    Happening.CREATED: _one_person,
}
_SELF_REFERENCES = ("自己", "自己发", "他自己", "their own", "your own")
_BETWEEN_NAMES = re.compile(r"[”\"」』]?\s*、\s*[“\"「『]?|[”\"]\s*[,，]\s*[“\"]|[”\"]\s+and\s+[“\"]")


def people_in(words: str) -> list[str]:
    """The names in "“阿琴”、“老周”", "你和老周" or "老周、阿琴", in order and without quotes."""
    # "你和…" is how WeChat names the exporting account beside others; a name of its own never starts so inside quotes.
    alone, others = ("你", words.strip()[2:]) if words.strip().startswith("你和") else ("", words)
    names = [_bare(name) for name in _BETWEEN_NAMES.split(others)]
    return [name for name in [alone, *names] if name]


def _bare(words: str) -> str:
    return words.strip().strip(_QUOTES).strip()
