"""Pages asked for and forms sent, and the playbooks they are about."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from django.test import Client
from django.urls import reverse

from huoqun.community.models import Community, Group
from huoqun.sop.models import Playbook
from huoqun.sop.operations.keeping import keep
from huoqun.sop.playbooks.reading import read
from huoqun.sop.tests.conftest import START

HOUR = timedelta(hours=1)

DAILY = """\
name: daily
title: 日常
summary: 早上开场，下午答疑
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - do: post
    key: morning
    title: 早安
    at: {day: 0, time: "09:30", spread: 20m}
    core: help
    why: 一天从有人打招呼开始
    words: {text: "[[早]]，{{群名}}", slots: {早: [早上好, 早呀]}}
  - {do: todo, key: answer, at: {day: 0, time: "14:00"}, task: 看看有没有没回答的问题, core: answers}
  - {do: post, key: evening, at: {day: 0, time: "21:00"}, words: {text: "今天就到这里，{{运营}}"}}
"""

TALK = """\
name: talk
title: 分享
starts: [{when: event, title: 开讲}]
asks: {嘉宾: 谁来分享？}
steps:
  - {do: post, key: soon, at: {offset: -30m, spread: 0m}, words: {text: "{{嘉宾}}半小时后开讲"}}
  - {do: approval, key: well, at: {offset: 1h, spread: 0m}, question: 讲完了吗？, limit: 1d}
  - {do: post, key: thanks, at: {spread: 0m}, words: {text: 谢谢大家}}
"""

REVIVAL = """\
name: revival
title: 复苏
starts: [{when: hand}]
steps:
  - {do: approval, key: sure, question: 现在就开始问吗？, limit: 1d}
  - {do: post, key: ask, at: {spread: 0m}, words: {text: 大家最近最想聊什么？}}
"""

WALK = """\
name: walk
title: 单独照顾
audience: {about: members}
starts: [{when: hand}]
steps:
  - {do: message, key: hello, at: {spread: 0m}, words: {text: "{{昵称}}，最近怎么样"}}
"""

PAGES = ("playbooks", "launches", "runs", "waiting", "calendar", "compliance")


def page(client: Client, name: str, *args: object, status: int = 200, **query: object) -> str:
    answer = client.get(reverse(f"sop:{name}", args=args), query)
    assert answer.status_code == status, f"{name}: {answer.status_code}"
    return answer.content.decode()


def post(client: Client, name: str, *args: object, status: int = 302, **said: object) -> str:
    answer = client.post(reverse(f"sop:{name}", args=args), said)
    assert answer.status_code == status, f"{name}: {answer.status_code}"
    return answer.content.decode()


def named(native_id: str) -> str:
    """The pretended carrier has names of its own for its rooms."""
    return str(Group.objects.get(native_id=native_id))


def kept(home: Community, text: str = DAILY) -> Playbook:
    return keep(read(text), home, by=None, now=START).playbook


def filled_in(html: str) -> dict[str, object]:
    """What a browser would send."""
    found: dict[str, object] = {}
    for name, value in re.findall(r'<input type="(?:text|number)" name="([^"]+)"(?: value="([^"]*)")?', html):
        found[name] = unescape(value)
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        found[name] = unescape(text)
    return found
