"""Moments: jobs that make them, what staff still have to publish, who sees them, likes and comments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import NoSense, Refusal

if TYPE_CHECKING:
    from .company import Company

JOB_LIFE = 86_400


@dataclass(slots=True)
class Task:
    userid: str
    customers: list[str]
    published_at: int = 0


@dataclass(slots=True)
class Moment:
    moment_id: str
    jobid: str
    created_at: int
    text: str
    attachments: list[dict[str, Any]]
    tasks: dict[str, Task]
    invalid_senders: dict[str, list[Any]]
    invalid_tags: list[str]
    to_everybody: bool
    cancelled: bool = False
    comments: list[dict[str, Any]] = field(default_factory=list)
    likes: list[dict[str, Any]] = field(default_factory=list)

    def about(self, userid: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: value for name, value in entry.items() if name != "of"} for entry in entries if entry["of"] == userid]


class Moments:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._of_id: dict[str, Moment] = {}
        self._of_job: dict[str, Moment] = {}

    def add(
        self,
        *,
        text: str,
        attachments: list[dict[str, Any]],
        to: dict[str, list[str]],
        invalid_senders: dict[str, list[Any]],
        invalid_tags: list[str],
        to_everybody: bool,
    ) -> Moment:
        company = self._company
        made = Moment(
            company.new_id("mom"),
            company.new_id("job", 40),
            company.clock.now(),
            text,
            attachments,
            {userid: Task(userid, customers) for userid, customers in to.items()},
            invalid_senders,
            invalid_tags,
            to_everybody,
        )
        self._of_id[made.moment_id] = made
        self._of_job[made.jobid] = made
        return made

    def of_job(self, jobid: str) -> Moment:
        """Raises Refusal(60136), also a day later."""
        found = self._of_job.get(jobid)
        if found is None or self._company.clock.exact() - found.created_at > JOB_LIFE:
            raise Refusal(60136, "invalid jobid")
        return found

    def is_ready(self, moment: Moment) -> bool:
        return self._company.clock.exact() >= moment.created_at + self._company.settings.moment_preparing

    def get(self, moment_id: str) -> Moment:
        """Raises Refusal 41060, 41079."""
        found = self._of_id.get(moment_id)
        if found is None:
            raise Refusal(41060)
        if not self.is_ready(found):
            raise Refusal(41079)
        return found

    def ready(self) -> list[Moment]:
        return [one for one in self._of_id.values() if self.is_ready(one)]

    # What people do.

    def publish(self, moment_id: str, userid: str) -> Task:
        """The colleague confirms; again changes nothing."""
        moment, task = self._task(moment_id, userid)
        if moment.cancelled and not task.published_at:
            raise NoSense(f"{moment_id} was cancelled: {userid} sees no task any more")
        task.published_at = task.published_at or self._company.clock.now()
        return task

    def react(self, moment_id: str, userid: str, *, by: str, comment: bool) -> None:
        """Somebody likes it, or comments on it, where this colleague published it."""
        moment, task = self._task(moment_id, userid)
        if not task.published_at or by not in {userid, *task.customers}:
            raise NoSense(f"{by!r} does not see {moment_id} of {userid}")
        inside = self._company.directory.find(by) is not None
        entry = {"of": userid, ("userid" if inside else "external_userid"): by, "create_time": self._company.clock.now()}
        (moment.comments if comment else moment.likes).append(entry)

    def _task(self, moment_id: str, userid: str) -> tuple[Moment, Task]:
        moment = self._of_id.get(moment_id)
        if moment is None or userid not in moment.tasks:
            raise NoSense(f"{userid!r} has no task for a moment {moment_id!r}; moments: {', '.join(self._of_id) or 'none'}")
        return moment, moment.tasks[userid]
