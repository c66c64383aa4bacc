"""The people outside: who they are, and which of them staff had as customers in the beginning."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cache

from sample_world import names
from sample_world.dice import Dice
from wecom_sandbox.records import Customer, Follow

from .mixing import Ids, mixed, salt_of

POOL = 6000
COMPANIES = ("云栖家居", "拾光图书", "青禾食品", "北岸咖啡", "远山户外", "小满亲子")
ADD_WAYS = (1, 1, 1, 1, 3, 4, 4, 2, 7, 10)
REMARKS = ("{}-老客", "{}(朋友介绍)", "{} 回头客", "群里的{}")
DAY = 86_400


@cache
def names_of(seed: int) -> tuple[str, ...]:
    dice = Dice(seed, 11)
    return tuple(names.of_a_member(dice) for _ in range(POOL))


def unionid(bits: int, number: int) -> str:
    """Only of WeChat users."""
    return f"o6_{bits:016x}{number:09x}" if bits % 50 else ""


class Population:
    """`people` persons who are in groups; `customers` persons are somebody's contact, spread evenly over those in groups as far
    as there are so many, the others in no group.
    """

    def __init__(self, *, seed: int, people: int, customers: int, born: int, staff: Sequence[str], tags: Sequence[str]) -> None:
        self.people = people
        self.customers = customers
        self.size = max(people, customers)
        self._born = born
        self._staff = list(staff)
        self._rank = {userid: rank for rank, userid in enumerate(staff)}
        self._tags = tags
        self._salt = salt_of(seed, "people")
        self._of_follow = salt_of(seed, "follows")
        self._names = names_of(seed)
        self._wechat = Ids("wm", seed, "customers")
        self._wecom = Ids("wo", seed, "colleagues elsewhere")
        self._by_staff: dict[str, array[int]] | None = None

    # Persons.

    def id_of(self, number: int) -> str:
        return (self._wecom if mixed(number, self._salt) % 50 == 0 else self._wechat).of(number)

    def number_of(self, external_userid: str) -> int | None:
        ids = self._wecom if external_userid.startswith("wo") else self._wechat
        number = ids.number(external_userid)
        return number if number is not None and number < self.size and self.id_of(number) == external_userid else None

    def brief(self, number: int) -> tuple[str, str, int]:
        """Id, name ("" for one in 300: it is withheld), and 64 bits to throw other things with."""
        bits = mixed(number, self._salt)
        ids = self._wecom if bits % 50 == 0 else self._wechat
        name = "" if (bits >> 8) % 300 == 0 else self._names[(bits >> 20) % POOL]
        return ids.of(number), name, bits

    def person(self, number: int) -> Customer:
        external_userid, name, bits = self.brief(number)
        elsewhere = bits % 50 == 0
        return Customer(
            external_userid=external_userid,
            name=name,
            type=2 if elsewhere else 1,
            gender=(0, 1, 2, 2)[(bits >> 40) & 3],
            unionid=unionid(bits, number),
            corp_name=COMPANIES[(bits >> 44) % len(COMPANIES)] if elsewhere else "",
            position="采购" if elsewhere else "",
        )

    # Customers.

    def is_customer(self, number: int) -> bool:
        if self.customers >= self.people:
            return number < self.customers
        rank = -(-number * self.customers // self.people)
        return number < self.people and rank < self.customers and rank * self.people // self.customers == number

    def customer_number(self, rank: int) -> int:
        return rank if self.customers >= self.people else rank * self.people // self.customers

    def followers(self, number: int) -> list[str]:
        """Mostly one colleague; one in twelve has a second."""
        return self._knowing(number) if self._staff and self.is_customer(number) else []

    def _knowing(self, number: int) -> list[str]:
        bits = mixed(number, self._of_follow)
        first = bits % len(self._staff)
        if len(self._staff) > 1 and (bits >> 32) % 12 == 0:
            return [self._staff[first], self._staff[(first + 1) % len(self._staff)]]
        return [self._staff[first]]

    def follow(self, number: int, userid: str) -> Follow:
        bits = mixed(number * 31 + self._rank[userid], self._of_follow)
        external_userid, name, _ = self.brief(number)
        way = ADD_WAYS[bits % len(ADD_WAYS)]
        remark = REMARKS[(bits >> 6) % len(REMARKS)].format(name or "客户")[:20] if (bits >> 4) & 3 == 0 else ""
        return Follow(
            userid=userid,
            external_userid=external_userid,
            createtime=self._born - DAY - int((bits >> 10) % (400 * DAY)),
            remark=remark,
            tags=self._tags_of(bits >> 24),
            add_way=way,
            state=("poster-1", "poster-2", "")[(bits >> 12) % 3] if way == 1 else "",
            oper_userid=userid if (bits >> 16) & 1 else external_userid,
        )

    def _tags_of(self, bits: int) -> list[str]:
        if not self._tags or bits & 1:
            return []
        first = (bits >> 1) % len(self._tags)
        return (
            [self._tags[first]]
            if bits & 64
            else list(dict.fromkeys((self._tags[first], self._tags[(bits >> 8) % len(self._tags)])))
        )

    def renamed(self, before: str, userid: str) -> None:
        """A colleague has another userid from now on."""
        if before not in self._rank:
            return
        rank = self._rank[userid] = self._rank.pop(before)
        self._staff[rank] = userid
        if self._by_staff is not None:
            self._by_staff[userid] = self._by_staff.pop(before)

    def numbers_of_staff(self, userid: str) -> Sequence[int]:
        """All they had in the beginning, in the order of their number. The first question costs a walk over all customers."""
        if self._by_staff is None:
            self._by_staff = {one: array("I") for one in self._staff}
            for rank in range(self.customers if self._staff else 0):
                number = self.customer_number(rank)
                for one in self._knowing(number):
                    self._by_staff[one].append(number)
        return self._by_staff.get(userid, array("I"))
