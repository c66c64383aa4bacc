"""Sheet 18.2: words staff may not send to customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.errors import Refusal
from wecom_sandbox.request import Request, texts_in

from .customers import CC
from .registry import call

MOST_RULES, MOST_WORDS, MOST_USERS = 100, 300, 1000
LONGEST_NAME, LONGEST_WORD = 20, 32
SEMANTICS = {1, 2, 3}


@dataclass
class Rule:
    rule_id: str
    name: str
    words: list[str]
    semantics: list[int]
    kind: int
    users: list[str]
    departments: list[int]
    created_at: int
    deleted: bool = False


@dataclass
class Rules:
    company: Company
    of_id: dict[str, Rule] = field(default_factory=dict)

    def living(self) -> list[Rule]:
        return [rule for rule in self.of_id.values() if not rule.deleted]


@call("POST", f"{CC}/add_intercept_rule")
def add(company: Company, request: Request) -> Answer:
    rules = company.part(Rules)
    if len(rules.living()) >= MOST_RULES:
        raise Refusal(41069)
    users, departments = _range(company, request.object("applicable_range"))
    if not users and not departments:
        raise Refusal(40063)
    rule = Rule(
        company.new_id("rule"),
        _name(rules, request),
        _words(request),
        _semantics(request.fields),
        request.number("intercept_type", low=1, high=2),
        users,
        departments,
        company.clock.now(),
    )
    if not rule.words and not rule.semantics:
        raise Refusal(41083)
    rules.of_id[rule.rule_id] = rule
    return {"rule_id": rule.rule_id}


def _name(rules: Rules, request: Request, own: Rule | None = None) -> str:
    name = request.text("rule_name", most=LONGEST_NAME)
    if any(rule.name == name for rule in rules.living() if rule is not own):
        raise Refusal(41077)
    return name


def _words(request: Request) -> list[str]:
    words = request.texts("word_list", most=MOST_WORDS, wrong=41083, too_many=41068)
    if not all(1 <= len(word) <= LONGEST_WORD for word in words):
        raise Refusal(41083)
    return words


def _semantics(fields: Mapping[str, Any]) -> list[int]:
    found = fields.get("semantics_list") or []
    if not isinstance(found, list) or not SEMANTICS.issuperset(found):
        raise Refusal(41084)
    return sorted(set(found))


def _range(company: Company, given: Mapping[str, Any]) -> tuple[list[str], list[int]]:
    users = texts_in(given, "user_list", most=MOST_USERS, too_many=41076)
    for userid in users:
        company.directory.get(userid)
    departments = given.get("department_list") or []
    if not isinstance(departments, list) or any(one not in company.directory.departments for one in departments):
        raise Refusal(60123)
    return users, departments


def _rule(company: Company, request: Request) -> Rule:
    found = company.part(Rules).of_id.get(request.text("rule_id", missing=41070, wrong=41070))
    if found is None:
        raise Refusal(41070)
    if found.deleted:
        raise Refusal(41071)
    return found


@call("GET", f"{CC}/get_intercept_rule_list")
def get_list(company: Company, request: Request) -> Answer:
    rules = company.part(Rules).living()
    return {"rule_list": [{"rule_id": one.rule_id, "rule_name": one.name, "create_time": one.created_at} for one in rules]}


@call("POST", f"{CC}/get_intercept_rule")
def get(company: Company, request: Request) -> Answer:
    rule = _rule(company, request)
    told = {
        "rule_id": rule.rule_id,
        "rule_name": rule.name,
        "word_list": rule.words,
        "extra_rule": {"semantics_list": rule.semantics},
        "intercept_type": rule.kind,
        "applicable_range": {"user_list": rule.users, "department_list": rule.departments},
    }
    return {"rule": told}


@call("POST", f"{CC}/update_intercept_rule")
def update(company: Company, request: Request) -> Answer:
    """Nothing changes if anything is refused."""
    rule, sent = _rule(company, request), request.fields
    name = _name(company.part(Rules), request, rule) if sent.get("rule_name") is not None else rule.name
    words = _words(request) if sent.get("word_list") is not None else rule.words
    semantics = _semantics(request.object("extra_rule")) if sent.get("extra_rule") is not None else rule.semantics
    kind = request.number("intercept_type", rule.kind, low=1, high=2)
    more_users, more_departments = _range(company, request.object("add_applicable_range"))
    less_users, less_departments = _range(company, request.object("remove_applicable_range"))
    users = [one for one in dict.fromkeys([*rule.users, *more_users]) if one not in less_users]
    departments = [one for one in dict.fromkeys([*rule.departments, *more_departments]) if one not in less_departments]
    if len(users) > MOST_USERS:
        raise Refusal(41076)
    if not users and not departments:
        raise Refusal(40063)
    rule.name, rule.words, rule.semantics, rule.kind, rule.users, rule.departments = (
        name,
        words,
        semantics,
        kind,
        users,
        departments,
    )
    return None


@call("POST", f"{CC}/del_intercept_rule")
def delete(company: Company, request: Request) -> Answer:
    _rule(company, request).deleted = True
    return None
