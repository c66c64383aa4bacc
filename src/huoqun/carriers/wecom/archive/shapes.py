"""The objects inside archive records as WeCom sends them. What is absent has its default; what is new is passed over."""

from __future__ import annotations

import msgspec


class Shape(msgspec.Struct):
    """One kind's object. Numbers sometimes come as text: `strict=False` reads both."""


class Words(Shape):
    content: str = ""


class Picture(Shape):
    md5sum: str = ""
    filesize: int = 0
    sdkfileid: str = ""


class Voice(Shape):
    md5sum: str = ""
    voice_size: int = 0
    sdkfileid: str = ""


class Emotion(Shape):
    md5sum: str = ""
    imagesize: int = 0
    sdkfileid: str = ""


class Document(Shape):
    md5sum: str = ""
    filename: str = ""
    fileext: str = ""
    filesize: int = 0
    sdkfileid: str = ""


class Card(Shape):
    corpname: str = ""
    userid: str = ""


class Place(Shape):
    title: str = ""
    address: str = ""


class Link(Shape):
    title: str = ""
    description: str = ""
    link_url: str = ""


class MiniProgram(Shape):
    title: str = ""
    description: str = ""
    displayname: str = ""


class Item(Shape):
    """Part of a forwarded chat or of a mixed message; `content` is JSON in a text."""

    type: str = ""
    content: str = ""


class Several(Shape):
    title: str = ""
    item: list[Item] = msgspec.field(default_factory=list)


class Todo(Shape):
    title: str = ""
    content: str = ""


class Vote(Shape):
    votetitle: str = ""
    voteitem: list[str] = msgspec.field(default_factory=list)


class Question(Shape):
    ques: str = ""


class Collect(Shape):
    title: str = ""
    details: list[Question] = msgspec.field(default_factory=list)


class RedPacket(Shape):
    wish: str = ""


class Meeting(Shape):
    topic: str = ""


class Paper(Shape):
    title: str = ""
    link_url: str = ""


class Article(Shape):
    title: str = ""
    description: str = ""
    url: str = ""


class News(Shape):
    item: list[Article] = msgspec.field(default_factory=list)


class Appointment(Shape):
    title: str = ""
    place: str = ""


class Shared(Shape):
    filename: str = ""


class MeetingVoice(Shape):
    sdkfileid: str = ""
    demofiledata: list[Shared] = msgspec.field(default_factory=list)


class Channel(Shape):
    sph_name: str = ""
    feed_desc: str = ""


class Call(Shape):
    callduration: int = 0


class Agreement(Shape):
    userid: str = ""
    agree_time: int = 0
    disagree_time: int = 0


class Revoke(Shape):
    pre_msgid: str = ""
