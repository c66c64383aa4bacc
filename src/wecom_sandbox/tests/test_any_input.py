"""Whatever a client sends to whatever call: an envelope comes back, never a broken connection."""

from __future__ import annotations

import json
import random
import string
from typing import Any

import pytest

from wecom_sandbox.calls import registry
from wecom_sandbox.tests.caller import Caller

NAMES = [
    "userid",
    "chat_id",
    "external_userid",
    "cursor",
    "limit",
    "offset",
    "owner_filter",
    "status_filter",
    "need_name",
    "new_owner",
    "chat_id_list",
    "scene",
    "remark",
    "state",
    "config_id",
    "type",
    "user",
    "party",
    "is_temp",
    "expires_in",
    "conclusions",
    "tag",
    "tag_id",
    "group_id",
    "group_name",
    "id",
    "name",
    "order",
    "add_tag",
    "remove_tag",
    "msgid",
    "strategy_id",
    "handover_userid",
    "takeover_userid",
    "page_id",
    "page_size",
    "day_begin_time",
    "day_end_time",
    "order_by",
    "start_time",
    "end_time",
    "partyid",
    "userid_list",
    "text",
    "attachments",
    "sender",
    "chat_type",
    "welcome_code",
    "template_id",
    "agentid",
    "touser",
    "msgtype",
    "template_card",
    "media_id",
    "code",
    "roomid",
    "info",
    "moment_id",
    "jobid",
    "rule_id",
    "rule_name",
    "word_list",
    "link_id",
    "link_name",
    "range",
    "product_id",
    "description",
    "price",
    "visible_range",
    "creator",
]


def odd_value(dice: random.Random, good: list[str], depth: int = 0) -> Any:
    kinds = ["good", "int", "huge", "float", "none", "bool", "text", "empty", "surrogate", "list", "object"]
    match dice.choice(kinds[: 9 if depth > 2 else None]):
        case "good":
            return dice.choice(good)
        case "int":
            return dice.choice([0, 1, 2, 100, -1, 1_790_000_000])
        case "huge":
            return dice.choice([10**30, "9" * 5000, -(10**18)])
        case "float":
            return dice.choice([0.5, 1e300, 3.0])
        case "bool":
            return dice.choice([True, False])
        case "text":
            return "".join(dice.choices(string.printable + "群友😀", k=dice.randint(1, 60)))
        case "empty":
            return dice.choice(["", [], {}])
        case "surrogate":
            return "\ud800"
        case "list":
            return [odd_value(dice, good, depth + 1) for _ in range(dice.randint(1, 3))]
        case "object":
            return {dice.choice([*NAMES, "content", "userid_list"]): odd_value(dice, good, depth + 1) for _ in range(3)}
    return None


def sensible(caller: Caller) -> dict[str, list[Any]]:
    """What the calls ask for, so that a body is wrong in one place rather than everywhere."""
    chat_ids, people = caller.chat_ids(), caller.get("list", userid="lin")["external_userid"]
    tags = [tag["id"] for group in caller.ok("get_corp_tag_list")["tag_group"] for tag in group["tag"]]
    join = caller.ok("groupchat/add_join_way", scene=2, chat_id_list=chat_ids[:1])["config_id"]
    contact = caller.ok("add_contact_way", type=1, scene=2, user=["lin"])["config_id"]
    day = caller.company.clock.now() - 86_400
    return {
        "userid": ["lin", ["lin"]],
        "sender": ["lin"],
        "creator": ["lin"],
        "new_owner": ["mo"],
        "handover_userid": ["lin"],
        "takeover_userid": ["mo"],
        "userid_list": [["lin", "mo"]],
        "user": [["lin"]],
        "chat_id": chat_ids,
        "chat_id_list": [chat_ids],
        "external_userid": [people[0], people[:2]],
        "limit": [1, 50],
        "scene": [2],
        "type": [1],
        "config_id": [join, contact],
        "tag_id": [tags[:1]],
        "id": tags,
        "add_tag": [tags[:2]],
        "tag": [[{"name": "新标签"}]],
        "group_name": ["城市"],
        "strategy_id": [3],
        "partyid": [[1]],
        "party": [[2]],
        "day_begin_time": [day],
        "start_time": [day],
        "end_time": [day],
        "text": [{"content": "大家好"}],
        "content": ["大家好"],
        "chat_type": ["single", "group"],
        "touser": ["lin|mo", "@all"],
        "msgtype": ["text", "template_card"],
        "agentid": [1_000_007],
        "owner_filter": [{"userid_list": ["lin"]}],
    }


def body_for(dice: random.Random, known: dict[str, list[Any]], good: list[str]) -> dict[str, Any]:
    fields = {name: dice.choice(values) for name, values in known.items() if dice.random() < 0.9}
    for name in dice.sample(NAMES, dice.randint(0, 2)):
        fields[name] = odd_value(dice, good)
    return fields


@pytest.mark.parametrize("seed", range(4))
def test_every_call_answers_every_body(seed: int) -> None:
    caller = Caller(staff=4, groups=3, people=40, customers=20)
    company = caller.company
    company.quotas.enabled = False
    company.settings.change({"wrong_gettoken_an_hour": 10**9})
    tokens = [company.tokens.issue(app)[0].value for app in company.apps]
    good = [
        "lin",
        "mo",
        *caller.chat_ids(),
        *caller.get("list", userid="lin")["external_userid"][:3],
        "single",
        "group",
        "text",
    ]
    known, done = sensible(caller), set()
    dice = random.Random(seed)
    for path, methods in registry.CALLS.items():
        for method in methods:
            for _ in range(12):
                fields = body_for(dice, known, good)
                query = {name: str(value)[:200] for name, value in fields.items()} if method == "GET" else {}
                query["access_token"] = tokens[3 if "/msgaudit/" in path else 0]
                answer = caller.raw(method, path, query=query, body=json.dumps(fields).encode())
                if answer.content_type.startswith("application/json"):
                    told = json.loads(answer.body)
                    assert isinstance(told["errcode"], int), (path, fields)
                    done.add(path) if told["errcode"] == 0 else None
                    assert isinstance(told["errmsg"], str), (path, fields)
    assert len(done) > 40, "most bodies are nearly right: otherwise this test asks nothing"
