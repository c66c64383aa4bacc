"""What is wrong with a playbook, in the reader's own language. The sentences are those of `playbooks` and of msgspec."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from huoqun.carriers.base import gettext_noop as _
from huoqun.sop.playbooks.reading import Mistake

SENTENCES = (
    _("A key has small letters, digits and dashes only."),
    _("There is another step called “%(a)s”."),
    _("A step needs some time before it is given up."),
    _("A short name has small letters, digits and dashes only."),
    _("It needs a title."),
    _("It needs at least one step."),
    _("A playbook has at most %(a)s steps: cut it into several that hand over."),
    _("Say what starts it; `when: hand` where somebody says so."),
    _("There is no measure “%(a)s”. There are: %(b)s."),
    _("This starts runs for members: say `about: members` under audience."),
    _("This starts runs for groups: say `about: groups` under audience."),
    _("A rule repeats by day or longer: FREQ=WEEKLY;BYDAY=FR."),
    _("This is no rule of a calendar (%(a)s): write FREQ=WEEKLY;BYDAY=FR."),
    _("It ends before it begins."),
    _("Say one of: a day with a time, an offset, or after."),
    _("A day needs a time."),
    _("Nothing happens before the step before it."),
    _("Only around an event can something happen on a day before."),
    _("Only around an event can something happen before it."),
    _("A stretch cannot be negative."),
    _("Days are counted for the whole playbook; a step can only be left out on some."),
    _("All runs of a long holiday would come on the day after it: leave this out."),
    _("There is nothing to say."),
    _("There is no wording for the slot [[%(a)s]]."),
    _("No text has this slot."),
    _("This persona is not among those of the playbook."),
    _("There is no variable {{%(a)s}}; did you mean {{%(b)s}}?"),
    _("There is no variable {{%(a)s}}."),
    _("{{%(a)s}} is for messages to one member."),
    _("A variable begins with {{ and ends with }}."),
    _("Name a step before this one which says something in the group."),
    _("Name a step before this one which says something."),
    _("Name a step further down; nothing goes back."),
    _("Name a step before this one."),
    _("Name a to-do before this one."),
    _("A playbook cannot hand over to itself: that would never end."),
    _("Which member? Name a role, or say `about: members` under audience."),
    _("Nobody is called “%(a)s” here. There are: %(b)s."),
    _("A run about a member speaks to that member, or to owner, operator or moderators."),
    _("Tags say who is enrolled: `to: enrolled` with tags, and nobody else."),
    _("Days, one at least, are for newcomers and the silent."),
    _("To one at least, and %(a)s at most in one group."),
    _("Only of a member is this known: say `about: members` under audience."),
    _("How many? Say `at_least`, `at_most`, or both."),
    _("Nothing is at least that many and at most fewer."),
    _("Which of them? Say `one_of`."),
    _("“%(a)s” is none of these: %(b)s."),
    _("Days are counted back, for orders and speakers only."),
    _("Name an approval before this one, or a wait for words."),
    _("A to-do needs some time."),
    _("A run about a member cannot dissolve the group."),
    _("A wait has an end."),
    _("The short name stays what it is: write a new playbook for another one."),
    _("There is a playbook with this short name already: change that one."),
    _("It is longer than any playbook (%(a)s characters)."),
    _("There is nothing in it."),
    _("Anchors (&name, *name) are not used in playbooks: write it out."),
    _("This is no YAML: %(a)s."),
    _("It is nested deeper than any playbook."),
    _("A field has a name."),
    _("This field is there twice."),
    _("There is no such field here."),
    _("“%(a)s” is no stretch of time: write 10m, 2h, 3d, 1d12h, or -30m for before"),
    _("“%(a)s” is no time of day: write 09:00"),
    _("“%(a)s” are no hours: write 08:00-22:00"),
    _("“%(a)s” is either never or always: leave it out for always"),
    _("%(a)s has to be a text: put it in quotes"),
    _("Expected `%(a)s`, got `%(b)s`"),
    _("Object missing required field `%(a)s`"),
    _("Invalid value %(a)s"),
    _("Invalid enum value %(a)s"),
    _("Invalid RFC3339 encoded date"),
    _("Expected `array` of at least length %(a)s"),
    _("There is no holiday in it."),
    _("A holiday has a name."),
    _("A holiday ends after it begins, and within a month."),
    _("%(a)s is not in %(b)s."),
    _("%(a)s is there twice."),
    _("%(a)s is no Saturday or Sunday: people work on it anyway."),
    _("This is no day: write 2027-01-01."),
    _("There is another file of %(a)s."),
    _("It is longer than any year (%(a)s characters)."),
    _("It cannot be read as text in UTF-8: %(a)s"),
)


@dataclass(frozen=True, slots=True)
class Wrong:
    line: int
    field: str
    problem: str


def shown(mistakes: Iterable[Mistake]) -> list[Wrong]:
    return [Wrong(mistake.line, mistake.field, translated(mistake.problem)) for mistake in mistakes]


def translated(problem: str) -> str:
    """As it is where nobody has foreseen it: better an English sentence than none."""
    for pattern, sentence in _PATTERNS:
        if found := pattern.fullmatch(problem):
            return gettext(sentence) % found.groupdict()
    return problem


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\?\(([ab])\\?\)s", r"(?P<\1>.+?)", re.escape(sentence)), re.DOTALL)


_PATTERNS = [(_pattern(sentence), sentence) for sentence in SENTENCES]
