"""The company's tags for customers, in groups; ordinary ones and those of rule groups (strategies)."""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import Refusal


@dataclass(slots=True)
class Tag:
    id: str
    name: str
    create_time: int
    order: int = 0
    deleted: bool = False


@dataclass(slots=True)
class TagGroup:
    group_id: str
    name: str
    create_time: int
    order: int = 0
    strategy_id: int = 0
    deleted: bool = False
    tags: list[Tag] = field(default_factory=list)

    def living(self) -> list[Tag]:
        return sorted((tag for tag in self.tags if not tag.deleted), key=lambda tag: -tag.order)

    def named(self, name: str) -> Tag | None:
        return next((tag for tag in self.tags if not tag.deleted and tag.name == name), None)


class CorpTags:
    def __init__(self) -> None:
        self.groups: dict[str, TagGroup] = {}
        self._of_tag: dict[str, tuple[TagGroup, Tag]] = {}

    def add_group(self, group: TagGroup) -> TagGroup:
        self.groups[group.group_id] = group
        for tag in group.tags:
            self._of_tag[tag.id] = (group, tag)
        return group

    def add(self, group: TagGroup, tag: Tag) -> Tag:
        group.tags.append(tag)
        self._of_tag[tag.id] = (group, tag)
        return tag

    def count(self) -> int:
        return sum(1 for _, tag in self._of_tag.values() if not tag.deleted)

    def living(self, strategy_id: int | None = None) -> list[TagGroup]:
        """Ordinary ones; `strategy_id`: of that rule group (0: of all rule groups)."""
        groups = [group for group in self.groups.values() if not group.deleted and _fits(group, strategy_id)]
        return sorted(groups, key=lambda group: -group.order)

    def named(self, name: str, strategy_id: int | None = None) -> TagGroup | None:
        return next((group for group in self.living(strategy_id) if group.name == name), None)

    def find(self, tag_id: str) -> tuple[TagGroup, Tag] | None:
        """Also a deleted one."""
        return self._of_tag.get(tag_id)

    def get(self, tag_id: str) -> tuple[TagGroup, Tag]:
        """Raises Refusal(40068)."""
        found = self.find(tag_id)
        if found is None or found[1].deleted:
            raise Refusal(40068)
        return found

    def drop(self, tag_id: str) -> None:
        """A group goes with its last tag."""
        group, tag = self.get(tag_id)
        tag.deleted = True
        group.deleted = not group.living()

    def drop_group(self, group_id: str) -> None:
        group = self.groups.get(group_id)
        if group is None or group.deleted:
            raise Refusal(40068)
        group.deleted = True
        for tag in group.tags:
            tag.deleted = True


def _fits(group: TagGroup, strategy_id: int | None) -> bool:
    if strategy_id is None:
        return group.strategy_id == 0
    return group.strategy_id > 0 if strategy_id == 0 else group.strategy_id == strategy_id
