from __future__ import annotations

from datetime import timedelta

import pytest

from huoqun.community.models import Community, Person
from huoqun.community.operations import talk
from huoqun.community.operations.talk import Said
from huoqun.community.tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(balcony: Community) -> list[Person]:
    return [Person.objects.create(community=balcony, name=name) for name in ("小陶", "阿莫", "林晓")]


def kept(person: Person) -> Said:
    person.refresh_from_db()
    return Said(person.messages, person.groups_spoken, person.last_spoke_at)


def test_everybody_has_what_is_said_of_them_and_the_others_nothing(balcony: Community, three: list[Person]) -> None:
    tao, mo, lin = three
    assert talk.keep(balcony, {tao.pk: Said(7, 2, NOW), mo.pk: Said(1, 1, NOW - timedelta(days=3))}) == 2
    assert [kept(one) for one in three] == [Said(7, 2, NOW), Said(1, 1, NOW - timedelta(days=3)), talk.NOTHING]
    talk.keep(balcony, {lin.pk: Said(3, 1, NOW)})
    assert [kept(one) for one in three] == [talk.NOTHING, talk.NOTHING, Said(3, 1, NOW)]


def test_only_what_changed_is_written(balcony: Community, three: list[Person]) -> None:
    said = {one.pk: Said(5, 1, NOW) for one in three}
    assert talk.keep(balcony, said) == 3
    assert talk.keep(balcony, said) == 0
    assert talk.keep(balcony, said | {three[0].pk: Said(6, 1, NOW)}) == 1


def test_another_community_keeps_its_own(balcony: Community, elsewhere: Community, three: list[Person]) -> None:
    yu = Person.objects.create(community=elsewhere, name="于北")
    talk.keep(elsewhere, {yu.pk: Said(4, 1, NOW)})
    talk.keep(balcony, {three[0].pk: Said(2, 1, NOW)})
    assert kept(yu) == Said(4, 1, NOW)
