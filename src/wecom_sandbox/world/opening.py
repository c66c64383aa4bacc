"""Who works at the company, its apps and its tags when the sandbox begins."""

from __future__ import annotations

from sample_world.dice import Dice
from sample_world.words import names as words
from wecom_sandbox.apps import App, Kind, secret_from
from wecom_sandbox.corp_tags import CorpTags, Tag, TagGroup
from wecom_sandbox.directory import ROOT, Department, Directory, DirectoryTag, Staff

from .mixing import Ids

CAST = (("lin", "林知夏", "社群负责人"), ("mo", "莫一白", "社群运营"), ("tao", "陶然", "社群运营(新)"))
DEPARTMENTS = ("栀野生活", "社群运营部", "门店", "客服部")
TAGS = (("来源", ("海报", "老友推荐", "门店", "直播间")), ("意向", ("高", "中", "低")), ("等级", ("VIP", "会员", "新客")))
DAY = 86_400


def apps(seed: int) -> list[App]:
    return [
        App(Kind.APP, secret_from(seed, "app 1"), "活群", 1_000_007),
        App(Kind.APP, secret_from(seed, "app 2"), "另一个应用", 1_000_008, may_contact=False),
        App(Kind.CONTACT, secret_from(seed, "contact"), "客户联系"),
        App(Kind.ARCHIVE, secret_from(seed, "archive"), "会话内容存档", 2_000_004),
    ]


def directory(seed: int, staff: int) -> Directory:
    made = Directory()
    for number, name in enumerate(DEPARTMENTS, start=1):
        made.departments[number] = Department(number, name, 0 if number == ROOT else ROOT, 100_000 - number)
    dice = Dice(seed, 5)
    for number in range(staff):
        made.add(_colleague(number, dice))
    everybody = [one.userid for one in made.present()]
    made.tags[1] = DirectoryTag(1, "早班", everybody[::2])
    made.tags[2] = DirectoryTag(2, "店长", everybody[1:2], [3])
    return made


def _colleague(number: int, dice: Dice) -> Staff:
    given = dice.pick(words.GIVEN_TWO)
    name = dice.pick(words.SURNAMES) + given
    userid, position = f"staff{number + 1:04d}", "导购"
    if number < len(CAST):
        userid, name, position = CAST[number]
    department = 2 if number < 4 else 3 + number % 2
    return Staff(
        userid,
        name,
        [department],
        position,
        mobile=f"199{number:08d}",
        gender=1 + number % 2,
        email=f"{userid}@example.org",
        alias=userid.title(),
        leads=[department] if number == 0 else [],
        licensed=number < 2 or number % 2 == 0,
    )


def tags(seed: int, born: int) -> CorpTags:
    made = CorpTags()
    ids = Ids("et", seed, "tags")
    number = 0
    for place, (group, names) in enumerate(TAGS):
        own = TagGroup(ids.of(1000 + place), group, born - 200 * DAY, len(TAGS) - place)
        for rank, name in enumerate(names):
            own.tags.append(Tag(ids.of(number), name, born - 200 * DAY, len(names) - rank))
            number += 1
        made.add_group(own)
    return made
