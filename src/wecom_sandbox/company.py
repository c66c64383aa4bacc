"""The company: everything in the sandbox hangs here, under one lock."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from .agenda import Agenda
from .apps import App, Kind, callback_key_from, secret_from
from .call_log import CallLog
from .clock import Clock
from .corp_tags import CorpTags
from .cursors import Cursors
from .customers import Customers
from .directory import Directory
from .errors import NoSense, Refusal
from .faults import Faults
from .groups import Groups
from .handovers import Handovers
from .news import Event, News, Value, Word
from .people.registry import People
from .quotas import Quotas
from .settings import Settings
from .statistics import Statistics
from .tokens import Tokens
from .ways import ContactWay, JoinWay, Ways
from .welcome_codes import WelcomeCodes
from .world import opening
from .world.population import Population
from .world.rosters import Rosters

Part = TypeVar("Part")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the company is. `people` are places in groups, colleagues' among them; `born`: when it begins to run."""

    seed: int = 1
    staff: int = 8
    groups: int = 12
    people: int = 900
    customers: int = 300
    born: int | None = None
    quotas: bool = True

    def __post_init__(self) -> None:
        if min(self.groups, self.people, self.customers) < 0 or self.staff < 1:
            raise ValueError("a company has at least one colleague, and no less than none of anything else")


class Company:
    """Whatever reads or changes it holds `lock`."""

    def __init__(self, plan: Plan | None = None, *, clock: Clock | None = None) -> None:
        self.plan = plan = plan or Plan()
        self.seed = plan.seed
        self.lock = threading.RLock()
        self.clock = clock or Clock(start=plan.born)
        self.born = self.clock.now()
        self.dice = random.Random(f"{plan.seed}/dice")  # noqa: S311  (what people do, nothing secret)
        self.settings = Settings()
        self.agenda = Agenda(self.clock)
        self.news = News()
        self.log = CallLog()
        self.base_url = "http://127.0.0.1"
        self.corpid = "ww" + hashlib.sha256(f"{plan.seed}/corp".encode()).hexdigest()[:16]
        self.name = "栀野生活"
        self.callback_token = secret_from(plan.seed, "callback token", 24)
        self.encoding_aes_key = callback_key_from(plan.seed)
        self.callback_url = ""
        self.apps = opening.apps(plan.seed)
        self.tokens = Tokens(self.clock, self.settings)
        self.quotas = Quotas(self.clock, enabled=plan.quotas)
        self.faults = Faults(random.Random(f"{plan.seed}/faults"))  # noqa: S311  (nothing secret)
        self.cursors = Cursors(secret_from(plan.seed, "cursors"), self.clock, self.settings)
        self.codes = WelcomeCodes(self.clock, self.settings)
        self.join_ways: Ways[JoinWay] = Ways()
        self.contact_ways: Ways[ContactWay] = Ways()
        self.temp_chats: dict[tuple[str, str], float] = {}
        """(userid, external_userid) -> when the temporary chat ends"""
        self._parts: dict[type[Any], Any] = {}
        self._made = 0
        self._settle()
        self.handovers = Handovers(self)
        self.statistics = Statistics(self)
        self.people = People(self)

    def _settle(self) -> None:
        """The company as it is in the beginning."""
        plan = self.plan
        self.directory: Directory = opening.directory(plan.seed, plan.staff)
        self.tags: CorpTags = opening.tags(plan.seed, self.born)
        staff = [one.userid for one in self.directory.with_contact()]
        day = self.born // 86_400 * 86_400
        tags = [tag.id for group in self.tags.living() for tag in group.living()]
        self.population = Population(
            seed=plan.seed, people=plan.people, customers=plan.customers, born=day, staff=staff, tags=tags
        )
        names = [self.directory.get(userid).name for userid in staff]
        rosters = Rosters(
            seed=plan.seed,
            groups=plan.groups,
            memberships=plan.people,
            born=day,
            staff=staff,
            names=names,
            population=self.population,
        )
        self.customers = Customers(self.population)
        self.groups = Groups(rosters, self.clock)

    # Parts which other modules bring.

    def part(self, kind: type[Part]) -> Part:
        """The company's one `kind`, made as `kind(company)` when it is first asked for."""
        if kind not in self._parts:
            make = cast("Any", kind)
            self._parts[kind] = make(self)
        return cast("Part", self._parts[kind])

    # Ids and apps.

    def new_id(self, prefix: str, length: int = 32) -> str:
        """Never the same twice; the same again in a company with the same seed where the same things happened."""
        self._made += 1
        digest = hashlib.sha256(f"{self.seed}/{prefix}/{self._made}".encode()).digest() * 2
        letters = "".join(LETTERS[byte % len(LETTERS)] for byte in digest)
        return (prefix + letters)[:length]

    def new_config_id(self) -> str:
        return hashlib.sha256(self.new_id("config").encode()).hexdigest()[:32]

    def app_of(self, secret: str) -> App:
        """Raises Refusal(40001)."""
        for app in self.apps:
            if app.secret == secret:
                return app
        raise Refusal(40001)

    def agent(self, agentid: int) -> App:
        """Raises Refusal(40056)."""
        for app in self.apps:
            if app.agentid == agentid:
                return app
        raise Refusal(40056)

    def the_app(self, kind: Kind) -> App:
        return next(app for app in self.apps if app.kind is kind)

    # What happens.

    def happened(
        self,
        name: str,
        change: str = "",
        fields: Mapping[str, Value] | None = None,
        *,
        by: str = "sys",
        agentid: int | None = None,
    ) -> Event:
        """People did something: told to all who listen."""
        event = Event(name, self.clock.now(), change, dict(fields or {}), by, agentid)
        self.news.happened(event)
        return event

    def said(
        self, speaker: str, to: tuple[str, ...], kind: str, body: Mapping[str, Any], *, chat_id: str = "", recalls: str = ""
    ) -> Word:
        at_ms = int(self.clock.exact() * 1000)
        self._made += 1
        suffix = "" if self._inside(speaker, to) else "_external"
        msgid = f"{7_000_000_000_000_000_000 + self._made}_{at_ms}{suffix}"
        word = Word(msgid, at_ms, speaker, to, chat_id, kind, dict(body), recalls)
        self.news.said(word)
        return word

    def _inside(self, speaker: str, to: tuple[str, ...]) -> bool:
        return all(self.directory.find(one) is not None for one in (speaker, *to))

    def move_clock(self, *, now: float | None = None, advance: float | None = None) -> int:
        """Moves the clock (forward: what falls due on the way happens in its order) and says how much happened."""
        target = now if now is not None else self.clock.exact() + (advance or 0.0)
        if target < 0:
            raise NoSense("the clock does not go below 0")
        with self.lock:
            happened = self.agenda.run_until(target)
            self.clock.set(target)
            return happened + self.agenda.run_due()

    # What the command prints.

    def told(self) -> dict[str, Any]:
        return {
            "base_url": self.base_url,
            "corpid": self.corpid,
            "apps": [
                {"agentid": app.agentid, "secret": app.secret, "name": app.name} for app in self.apps if app.kind is Kind.APP
            ],
            "contact_secret": self.the_app(Kind.CONTACT).secret,
            "archive_secret": self.the_app(Kind.ARCHIVE).secret,
            "callback_token": self.callback_token,
            "encoding_aes_key": self.encoding_aes_key,
        }
