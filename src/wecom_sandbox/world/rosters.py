"""The groups there were in the beginning: how large, whose, and who was in them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

from wecom_sandbox.records import Member

from .mixing import Ids, mixed, salt_of
from .population import DAY, Population, unionid

MOST = 500
"""As many people as a group with outsiders holds."""
THEMES = ("读书会", "宝妈交流", "新品体验", "老友福利", "同城跑步", "烘焙打卡", "门店通知", "穿搭讨论", "早起打卡", "萌宠日常")
NOTICES = ("每周五分享", "发广告会被移出群", "有问题@群主", "", "")
NICKNAMES = ("北京-{}", "上海-{}", "广州-{}", "成都-{}", "杭州-{}")
STATES = ("poster-1", "poster-2", "shop-7", "")


class Rosters:
    """`memberships` places in `groups` groups, colleagues' among them. The same seed and sizes give the same people."""

    def __init__(
        self,
        *,
        seed: int,
        groups: int,
        memberships: int,
        born: int,
        staff: Sequence[str],
        names: Sequence[str],
        population: Population,
    ) -> None:
        self.groups = groups
        self._born = born
        self._staff = list(staff)
        self._staff_names = names
        self._population = population
        self._salt = salt_of(seed, "groups")
        self._of_place = salt_of(seed, "places")
        self._ids = Ids("wr", seed, "groups")
        self._starts = [0, *accumulate(_sizes(seed, groups, memberships, least=self._colleagues + 1))]

    @property
    def _colleagues(self) -> int:
        return min(3, len(self._staff))

    def renamed(self, before: str, userid: str) -> None:
        """A colleague has another userid from now on."""
        self._staff = [userid if one == before else one for one in self._staff]

    def id_of(self, group: int) -> str:
        return self._ids.of(group)

    def size(self, group: int) -> int:
        return self._starts[group + 1] - self._starts[group]

    def name(self, group: int) -> str:
        """ "" for one in fifty: nobody gave it one."""
        bits = mixed(group, self._salt)
        return "" if bits % 50 == 7 else f"{THEMES[(bits >> 8) % len(THEMES)]} {group + 1} 群"

    def notice(self, group: int) -> str:
        return NOTICES[(mixed(group, self._salt) >> 16) % len(NOTICES)]

    def owner(self, group: int) -> str:
        return self._staff[group % len(self._staff)]

    def admins(self, group: int) -> list[str]:
        return [self._staff[(group + 1) % len(self._staff)]] if len(self._staff) > 1 else []

    def create_time(self, group: int) -> int:
        return self._born - 2 * DAY - (mixed(group, self._salt) >> 24) % (500 * DAY)

    def roster(self, group: int) -> list[Member]:
        """Colleagues first, then the others in the order in which they came."""
        created = self.create_time(group)
        colleagues = [self._colleague(group, place, created) for place in range(self._colleagues)]
        numbers = self._numbers(self._starts[group], self._starts[group + 1] - len(colleagues))
        times = self._times(group, created)
        return colleagues + [self._outsider(group, number, at) for number, at in zip(numbers, times, strict=True)]

    def join_times(self, group: int) -> list[int]:
        """Rising; the same as in the roster, for less."""
        created = self.create_time(group)
        return [created + 5 * place for place in range(self._colleagues)] + self._times(group, created)

    def _times(self, group: int, created: int) -> list[int]:
        first, last = self._starts[group], self._starts[group + 1] - self._colleagues
        span = max(1, self._born - created - DAY)
        return sorted(created + 60 + mixed(place, self._of_place) % span for place in range(first, last))

    def _colleague(self, group: int, place: int, created: int) -> Member:
        number = (group + place) % len(self._staff)
        return Member(
            self._staff[number], 1, created + 5 * place, self._staff_names[number], inviter=self.owner(group) if place else ""
        )

    def _numbers(self, first: int, last: int) -> list[int]:
        """One in ten comes from somewhere else: people are in several groups."""
        people = self._population.people
        chosen: dict[int, None] = {}
        for place in range(first, last):
            bits = mixed(place, self._of_place)
            number = (bits >> 20) % people if bits % 10 == 0 else place
            chosen[place if number in chosen or first <= number < last else number] = None
        return list(chosen)

    def _outsider(self, group: int, number: int, at: int) -> Member:
        external_userid, name, bits = self._population.brief(number)
        throw = bits >> 13
        scene = (1, 2, 3, 3, 3)[throw % 5]
        return Member(
            external_userid,
            2,
            at,
            name,
            scene,
            self.owner(group) if scene == 1 else "",
            NICKNAMES[(throw >> 8) % len(NICKNAMES)].format(name or "群友") if (throw >> 4) % 5 == 0 else "",
            STATES[(throw >> 16) % len(STATES)] if scene == 3 else "",
            unionid(bits, number),
        )


def _sizes(seed: int, groups: int, memberships: int, least: int) -> list[int]:
    """Uneven sizes between `least` and MOST that add up to `memberships`."""
    if not groups:
        return []
    if not groups * least <= memberships <= groups * MOST:
        raise ValueError(f"{memberships} memberships do not fit {groups} groups: each holds {least} to {MOST}")
    dice = random.Random(f"{seed}/sizes")  # noqa: S311  (nothing secret)
    weights = [dice.uniform(0.4, 1.6) for _ in range(groups)]
    scale = memberships / sum(weights)
    sizes = [min(MOST, max(least, round(weight * scale))) for weight in weights]
    missing = memberships - sum(sizes)
    step = 1 if missing > 0 else -1
    group = 0
    while missing:
        if least <= sizes[group % groups] + step <= MOST:
            sizes[group % groups] += step
            missing -= step
        group += 1
    return sizes
