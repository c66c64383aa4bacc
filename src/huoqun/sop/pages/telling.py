"""A playbook as people read it: what starts it, and its steps as a line of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.community.models import Connects, Lifecycle, Stage
from huoqun.sop import words
from huoqun.sop.parts.shape import Audience, When, Words
from huoqun.sop.parts.slots import worded
from huoqun.sop.playbooks.measures import MEASURES
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.playbooks.voices import said_by
from huoqun.sop.starts import Around, Born, ByHand, Every, Joined, OnDate, OnFact, Start, Turned
from huoqun.sop.steps import Approval, Branch, End, HandOver, Message, Pin, Step, Todo, Topic, Wait
from huoqun.sop.steps.branch import Question

NAMED, WEEK = 8, 7
_VARIABLE = re.compile(r"\{\{[^{}]*\}\}")

LONG = 24
"""Characters of a text that stand for it where it has no title."""

Naming = Callable[[str], str]
"""What a step is called for people, by its key."""

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Told:
    """A step as a page shows it."""

    step: Step
    number: int
    kind: str
    when: str
    detail: str = ""
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Label ("" for the plain one) and text."""
    slots: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return heading(self.step)


def told(book: Playbook) -> list[Told]:
    around = any(isinstance(start, Around) for start in book.starts)

    def named(key: str) -> str:
        step = book.find(key)
        return heading(step) if step is not None else key

    return [_step(step, number, around, named) for number, step in enumerate(book.steps, start=1)]


def _step(step: Step, number: int, around: bool, named: Naming) -> Told:
    said = list(said_by(step))
    return Told(
        step=step,
        number=number,
        kind=kind_words(step),
        when=when_words(step.at, around=around),
        detail=detail(step, named),
        texts=[(label, text) for name, each in said for label, text in _texts(name, each)],
        slots=[slot for _name, each in said for slot in each.slots.items()],
        facts=list(_facts(step)),
    )


def kind_words(step: Step) -> str:
    return str(words.KINDS[str(step.__struct_config__.tag)])


def heading(step: Step) -> str:
    """What a step is called in a line: its title, its task, how what it says begins, or what it does."""
    task = getattr(step, "task", "") or (step.question if isinstance(step, Approval) else "")
    return step.title or task or _beginning(step) or kind_words(step)


def _beginning(step: Step) -> str:
    said = next(iter(said_by(step)), None)
    if said is None:
        return ""
    text = " ".join(_VARIABLE.sub("…", worded(said[1].text, said[1].slots, step.key)).split())
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def _texts(name: str, said: Words) -> Iterator[tuple[str, str]]:
    labels = {"words": "", "script": _("what to say"), "farewell": _("said before")}
    yield labels[name], said.text
    for persona, text in said.personas.items():
        yield _("as %(persona)s") % {"persona": persona}, text


# When


def lapse_words(delta: timedelta) -> str:
    minutes = abs(int(delta.total_seconds())) // 60
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    parts = [
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else "",
    ]
    return " ".join(filter(None, parts)) or _("no time at all")


def when_words(at: When, *, around: bool) -> str:
    if at.time is not None:
        said = _("%(day)s at %(time)s") % {"day": _day(at.day or 0), "time": at.time}
    elif at.offset is not None:
        said = _offset(at.offset.delta, around)
    elif at.after is not None:
        said = _("%(span)s after the step before") % {"span": lapse_words(at.after.delta)}
    else:
        said = _("right after the step before")
    if at.spread.delta > timedelta(0):
        said += " · " + _("spread over %(span)s") % {"span": lapse_words(at.spread.delta)}
    return said


def _day(day: int) -> str:
    if day == 0:
        return _("on the day")
    if day < 0:
        return ngettext("%(n)d day before", "%(n)d days before", -day) % {"n": -day}
    return ngettext("%(n)d day later", "%(n)d days later", day) % {"n": day}


def _offset(delta: timedelta, around: bool) -> str:
    if not delta:
        return _("at the moment itself") if around else _("at the beginning")
    if delta < timedelta(0):
        return _("%(span)s before it") % {"span": lapse_words(delta)}
    return _("%(span)s after it") % {"span": lapse_words(delta)} if around else _("%(span)s in") % {"span": lapse_words(delta)}


# What starts it


def starts(book: Playbook) -> list[str]:
    return [f"{start_words(start)} {_rule_holidays(start, book)}".strip() for start in book.starts]


def _rule_holidays(start: Start, book: Playbook) -> str:
    said = (start.holidays or book.holidays) if isinstance(start, Every) else ""
    return str(words.RULE_HOLIDAYS.get(said, ""))


def holidays_words(book: Playbook) -> str:
    """What becomes of its steps on days off; "": every day is a day to it."""
    return "" if book.holidays == "as_usual" else str(words.HOLIDAYS[book.holidays])


def start_words(start: Start) -> str:
    match start:
        case OnDate():
            return _("Once, on %(date)s at %(time)s.") % {"date": start.date.isoformat(), "time": start.time}
        case Every():
            return _every(start)
        case Joined():
            with_source = _("Whenever somebody comes in by “%(source)s”.") % {"source": start.source}
            return with_source if start.source else _("Whenever somebody comes in.")
        case Born():
            return _("When a group is new.")
        case Turned():
            states = _(", ").join(str(words.GROUP_STATES.get(state, state)) for state in start.to)
            asked = _("When the audit calls a group %(states)s, after somebody has said yes.")
            return (asked if start.approval else _("When the audit calls a group %(states)s.")) % {"states": states}
        case Around():
            return _("Around a moment you name: %(title)s.") % {"title": start.title or _("the event")}
        case OnFact():
            if start.fact == "silent":
                return _silent(start.days)
            return _("When %(fact)s.") % {"fact": words.FACTS[start.fact]}
        case ByHand():
            return _("When somebody begins it by hand.")


def _silent(days: int) -> str:
    said = ngettext("When a member has been silent for %(n)d day.", "When a member has been silent for %(n)d days.", days)
    return said % {"n": days}


def _every(start: Every) -> str:
    parts = dict(part.split("=", 1) for part in start.rule.upper().removeprefix("RRULE:").split(";") if "=" in part)
    names = [_weekday(day) for day in parts.get("BYDAY", "").split(",") if day in DAYS]
    if parts == {"FREQ": "DAILY"}:
        return _("Every day at %(time)s.") % {"time": start.time}
    if parts.keys() == {"FREQ", "BYDAY"} and parts["FREQ"] == "WEEKLY" and names:
        return _("Every %(days)s at %(time)s.") % {"days": _(", ").join(names), "time": start.time}
    return _("By the rule %(rule)s at %(time)s.") % {"rule": start.rule, "time": start.time}


def _weekday(day: str) -> str:
    named = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return named[DAYS.index(day)]


# For whom


def audience_words(audience: Audience) -> list[str]:
    found = [_("members of groups") if audience.about == "members" else _("groups")]
    found += _labelled(_("connects"), audience.connects, dict(Connects.choices))
    found += _labelled(_("lifecycle"), audience.lifecycles, dict(Lifecycle.choices))
    found += _labelled(_("stage"), audience.stages, dict(Stage.choices))
    found += _labelled(_("state"), audience.states, words.GROUP_STATES)
    found += _labelled(_("tag"), audience.tags, {})
    if audience.least_members:
        found.append(_("at least %(n)s members") % {"n": audience.least_members})
    return found


def _labelled(label: str, values: tuple[str, ...], names: Mapping[str, object]) -> list[str]:
    return [f"{label}: {_(', ').join(str(names.get(value, value)) for value in values)}"] if values else []


def aim_words(book: Playbook) -> str:
    if book.aim is None:
        return ""
    weeks = ngettext("looked at after %(n)d week", "looked at after %(n)d weeks", book.aim.weeks) % {"n": book.aim.weeks}
    return _("%(measure)s, %(weeks)s") % {"measure": _(MEASURES[book.aim.measure]), "weeks": weeks}


# What a step is, beside its text


def detail(step: Step, named: Naming = str) -> str:
    match step:
        case Wait():
            return _wait(step)
        case Branch():
            return _branch(step, named)
        case Approval():
            after = _("else it ends") if step.otherwise == "end" else _("else it goes on")
            return _("%(question)s Within %(span)s, %(after)s.") % {
                "question": step.question, "span": lapse_words(step.limit.delta), "after": after,
            }  # fmt: skip
        case HandOver():
            return _("The playbook “%(name)s” goes on from here.") % {"name": step.playbook}
        case Pin():
            return _("Pins what the step “%(key)s” said.") % {"key": named(step.said)}
        case Topic() if step.seeds:
            quiet = lapse_words(step.quiet.delta)
            return _("Quiet for %(span)s: somebody says: %(seeds)s") % {"span": quiet, "seeds": " / ".join(step.seeds)}
        case Message():
            return "" if step.to == "member" else whom_words(step)
        case Todo():
            return step.task if step.title else ""
        case End():
            return _("The group is dissolved.") if step.dissolve else _("The run ends here.")
    return ""


def whom_words(step: Message) -> str:
    """ "to silent members, for 14 days, 30 of them in a group at most" """
    said = _("To %(whom)s") % {"whom": words.WHOM.get(step.to, step.to)}
    if step.to == "enrolled":
        said = f"{said} {_(', ').join(step.tags)}"
    if step.span:
        said += " " + _("(%(span)s)") % {"span": lapse_words(timedelta(days=step.span))}
    if step.to in {"owner", "operator"}:
        return said
    return said + _(", %(n)s of them in a group at most") % {"n": step.most}


def to_words(names: Sequence[str], *, of: int = 0) -> str:
    """ "To 小满, 立冬 and 27 more; 60 others get nothing: no more than 29 in a group" """
    known = [name for name in names if name]
    if not names:
        return ""
    more, others = len(names) - len(known[:NAMED]), of - len(names)
    said = _("To %(whom)s") % {"whom": _(", ").join(known[:NAMED])}
    if more:
        said += ngettext(" and %(n)d more", " and %(n)d more", more) % {"n": more}
    if others > 0:
        words_ = ngettext(
            "; %(n)d other gets nothing: no more than %(most)d in a group",
            "; %(n)d others get nothing: no more than %(most)d in a group",
            others,
        )
        said += words_ % {"n": others, "most": len(names)}
    return said


def _wait(step: Wait) -> str:
    span = lapse_words(step.limit.delta)
    if not step.fact:
        return _("Waits for %(span)s.") % {"span": span}
    after = _("else it ends") if step.otherwise == "end" else _("else it goes on")
    said = {"what": words.WAITS[step.fact], "span": span, "after": after}
    return _("Waits %(what)s, for %(span)s at most, %(after)s.") % said


def _branch(step: Branch, named: Naming) -> str:
    following = _("the next step")
    said = {
        "question": _question(step.question, named),
        "yes": f"“{named(step.yes)}”" if step.yes else following,
        "no": f"“{named(step.no)}”" if step.no else following,
    }
    return _("%(question)s Yes: go on with %(yes)s. No: go on with %(no)s.") % said


def _question(question: Question, named: Naming) -> str:
    match question.about:
        case "waited":
            return _("Has what “%(key)s” waited for come?") % {"key": named(question.of)}
        case "done":
            return _("Was “%(key)s” done?") % {"key": named(question.of)}
        case "answer":
            said = _(" or ").join(str(words.ANSWERS.get(word, f"“{word}”")) for word in question.one_of)
            return _("Was the answer to “%(key)s” %(said)s?") % {"key": named(question.of), "said": said}
    bounds = [f"≥ {question.at_least:g}" if question.at_least is not None else ""]
    bounds += [f"≤ {question.at_most:g}" if question.at_most is not None else ""]
    bounds += [_(" or ").join(_value(question.about, value) for value in question.one_of)]
    days = question.days or (WEEK if question.about == "speakers" else 0)
    span = " " + _("(%(span)s)") % {"span": lapse_words(timedelta(days=days))} if days else ""
    return f"{_ABOUT[question.about]()}{span} {' '.join(filter(None, bounds))}?"


def _value(about: str, value: str) -> str:
    names: dict[str, Mapping[str, object]] = {
        "state": words.GROUP_STATES,
        "stage": dict(Stage.choices),
        "lifecycle": dict(Lifecycle.choices),
        "day": words.DAYS,
    }
    return str(names.get(about, {}).get(value, value))


_ABOUT = {
    "state": lambda: _("Is the group's state"),
    "stage": lambda: _("Is the group's stage"),
    "lifecycle": lambda: _("Is the group's lifecycle"),
    "members": lambda: _("Are the group's members"),
    "messages": lambda: _("Are the member's messages"),
    "orders": lambda: _("Are the orders paid"),
    "tags": lambda: _("Is one of the tags"),
    "days_since_join": lambda: _("Are the days since joining"),
    "speakers": lambda: _("Are the members who spoke"),
    "day": lambda: _("Is the day a"),
}


def _facts(step: Step) -> Iterator[tuple[str, str]]:
    saying = not isinstance(step, Wait | Branch | HandOver)
    if saying:
        yield _("Whose it is"), str(words.OWNERS[step.owner])
    if step.window:
        yield _("Hours"), step.window
    if isinstance(step, Todo):
        yield _("Due within"), lapse_words(step.within.delta)
    if saying:
        yield _("Given up after"), lapse_words(step.expires.delta)
        yield _("Counts as done"), str(words.EVIDENCE[step.evidence])
    if step.fallback == "skip":
        yield _("Where the carrier cannot"), _("skipped")
    if step.holidays:
        yield _("On days off"), str(words.STEP_HOLIDAYS[step.holidays])
    if step.core:
        yield _("Core"), str(words.CORES[step.core])
