"""Customers and which colleague knows which: the beginning, and over it what has changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from .errors import Refusal
from .records import Customer, Follow
from .world.population import Population

Value = TypeVar("Value")
Pair = tuple[str, str]
"""(userid, external_userid)"""


class Customers:
    """A record that was handed out for change (`own`, `own_follow`) is kept; all others are made anew on each question."""

    def __init__(self, population: Population) -> None:
        self._population = population
        self._persons: dict[str, Customer] = {}
        self._follows: dict[Pair, Follow | None] = {}
        """What differs from the beginning; None: the relation has ended."""
        self._known_by: dict[str, dict[str, None]] = {}
        """external_userid -> colleagues of whom _follows tells something."""
        self._added: dict[str, list[str]] = {}
        """userid -> those added since, in their order."""
        self._place: dict[Pair, int] = {}
        """Where among the added: who is added again gets a new place, and the old ones count no more."""
        self._more: Counter[str] = Counter()
        self.ended: dict[Pair, Follow] = {}
        """Those who parted, as it was then."""

    # Persons.

    def find(self, external_userid: str) -> Customer | None:
        known = self._persons.get(external_userid)
        if known is not None:
            return known
        number = self._population.number_of(external_userid)
        return None if number is None else self._population.person(number)

    def get(self, external_userid: str) -> Customer:
        found = self.find(external_userid)
        if found is None:
            raise Refusal(40096)
        return found

    def own(self, external_userid: str) -> Customer:
        """The one whose changes last."""
        return self._persons.setdefault(external_userid, self.get(external_userid))

    def add(self, customer: Customer) -> Customer:
        self._persons[customer.external_userid] = customer
        return customer

    def newcomers(self) -> list[Customer]:
        return list(self._persons.values())

    # Relations.

    def follow(self, userid: str, external_userid: str) -> Follow | None:
        pair = (userid, external_userid)
        if pair in self._follows:
            return self._follows[pair]
        number = self._population.number_of(external_userid)
        if number is None or userid not in self._population.followers(number):
            return None
        return self._population.follow(number, userid)

    def own_follow(self, userid: str, external_userid: str) -> Follow:
        """The relation whose changes last. Raises Refusal(84061) where there is none."""
        found = self.follow(userid, external_userid)
        if found is None:
            raise Refusal(84061)
        self._note(found.userid, external_userid, found)
        return found

    def _note(self, userid: str, external_userid: str, follow: Follow | None) -> None:
        self._follows[(userid, external_userid)] = follow
        self._known_by.setdefault(external_userid, {})[userid] = None

    def follows_of(self, external_userid: str) -> list[Follow]:
        """All colleagues who know this customer."""
        number = self._population.number_of(external_userid)
        first = self._population.followers(number) if number is not None else []
        userids = dict.fromkeys([*first, *self._known_by.get(external_userid, ())])
        found = (self.follow(userid, external_userid) for userid in userids)
        return [follow for follow in found if follow is not None]

    def link(self, follow: Follow) -> Follow:
        pair = (follow.userid, follow.external_userid)
        if self.follow(*pair) is not None:
            raise ValueError(f"{pair} know each other")
        self._note(*pair, follow)
        self.ended.pop(pair, None)
        places = self._added.setdefault(follow.userid, [])
        self._place[pair] = len(places)
        places.append(follow.external_userid)
        self._more[follow.userid] += 1
        return follow

    def unlink(self, userid: str, external_userid: str) -> Follow:
        """Raises Refusal(84061) where there is no relation."""
        ended = self.own_follow(userid, external_userid)
        self._note(userid, external_userid, None)
        self._more[userid] -= 1
        self.ended[(userid, external_userid)] = ended
        return ended

    def of_staff(self, userid: str, start: int = 0) -> Iterator[tuple[int, Follow]]:
        """What `userid` has in their contacts from a place on; a customer keeps their place for as long as they stay."""
        first = self._population.numbers_of_staff(userid)
        for place in range(start, len(first)):
            follow = self._still(userid, first[place])
            if follow is not None:
                yield place, follow
        added = self._added.get(userid, [])
        for place in range(max(0, start - len(first)), len(added)):
            follow = self._follows[(userid, added[place])]
            if follow is not None and self._place[(userid, added[place])] == place:
                yield len(first) + place, follow

    def _still(self, userid: str, number: int) -> Follow | None:
        """The relation of the beginning, if it has not ended since (even if it was begun again)."""
        pair = (userid, self._population.id_of(number))
        if pair in self._place:
            return None
        return self._follows[pair] if pair in self._follows else self._population.follow(number, userid)

    def renamed(self, before: str, userid: str) -> None:
        """A colleague has another userid from now on."""
        for person in [other for one, other in self._follows if one == before]:
            follow = self._follows.pop((before, person))
            if follow is not None:
                follow.userid = userid
            self._note(userid, person, follow)
            self._known_by[person].pop(before)
        _rekey(self._place, before, userid)
        _rekey(self.ended, before, userid)
        self._added[userid] = self._added.pop(before, [])
        self._more[userid] = self._more.pop(before, 0)

    def count_of_staff(self, userid: str) -> int:
        return len(self._population.numbers_of_staff(userid)) + self._more[userid]


def _rekey(pairs: dict[Pair, Value], before: str, userid: str) -> None:
    for pair in [pair for pair in pairs if pair[0] == before]:
        pairs[(userid, pair[1])] = pairs.pop(pair)
