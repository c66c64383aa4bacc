"""The company's own people: staff, departments, and the tags the directory knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .errors import Refusal

ACTIVE, DISABLED, WAITING, LEFT = 1, 2, 4, 5
ROOT = 1


@dataclass(slots=True)
class Staff:
    userid: str
    name: str
    departments: list[int] = field(default_factory=lambda: [ROOT])
    position: str = ""
    mobile: str = ""
    gender: int = 1
    email: str = ""
    alias: str = ""
    leads: list[int] = field(default_factory=list)
    """Departments of which they are the leader."""
    status: int = ACTIVE
    may_contact: bool = True
    """Customer-contact rights."""
    real_named: bool = True
    licensed: bool = False
    """Holds an archive licence."""
    left_at: int = 0

    @property
    def works(self) -> bool:
        return self.status == ACTIVE


@dataclass(slots=True)
class Department:
    id: int
    name: str
    parentid: int
    order: int


@dataclass(slots=True)
class DirectoryTag:
    tagid: int
    name: str
    users: list[str] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)


class Directory:
    """userids are compared without regard to case, as the real interface does; told as they were written."""

    def __init__(self) -> None:
        self.departments: dict[int, Department] = {}
        self.tags: dict[int, DirectoryTag] = {}
        self._staff: dict[str, Staff] = {}

    def add(self, staff: Staff) -> Staff:
        self._staff[staff.userid.lower()] = staff
        return staff

    def renamed(self, staff: Staff, userid: str) -> None:
        del self._staff[staff.userid.lower()]
        staff.userid = userid
        self.add(staff)

    def find(self, userid: str) -> Staff | None:
        return self._staff.get(userid.lower())

    def get(self, userid: str) -> Staff:
        """Who works here or is not activated yet. Raises Refusal(60111)."""
        found = self.find(userid)
        if found is None or found.status == LEFT:
            raise Refusal(60111)
        return found

    def ever(self) -> Iterator[Staff]:
        return iter(self._staff.values())

    def present(self) -> list[Staff]:
        return [staff for staff in self._staff.values() if staff.status != LEFT]

    def with_contact(self) -> list[Staff]:
        return [staff for staff in self._staff.values() if staff.works and staff.may_contact]

    def under(self, department: int) -> set[int]:
        """The department and all below it."""
        found = {department}
        grown = True
        while grown:
            below = {entry.id for entry in self.departments.values() if entry.parentid in found} - found
            found |= below
            grown = bool(below)
        return found

    def in_departments(self, departments: Iterable[int], *, children: bool = True) -> list[Staff]:
        wanted = set(departments)
        if children:
            wanted = set().union(*(self.under(one) for one in wanted)) if wanted else set()
        return [staff for staff in self.present() if wanted.intersection(staff.departments)]
