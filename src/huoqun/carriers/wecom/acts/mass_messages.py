"""Messages to groups and to customers: tasks that colleagues confirm in their app. What says the same goes into one task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from huoqun.carriers.base import Asked, CutOff, Unreachable, gettext_noop
from huoqun.carriers.wecom.acts import bodies
from huoqun.carriers.wecom.acts.desk import Answered, Desk
from huoqun.carriers.wecom.client.calls import groups, mass_send
from huoqun.carriers.wecom.endings import Ending, ending_of, not_begun
from huoqun.carriers.wecom.errors import NO_RELATION, NOT_A_CUSTOMER_GROUP, Kind, WeComError
from huoqun.carriers.wecom.models import Deed
from huoqun.carriers.wecom.operations import deeds
from huoqun.carriers.wecom.queries import deeds_of, messages_known, unfinished_calls_like
from huoqun.vocabulary.actions import Action, Body, MessageMember, PostToGroup
from huoqun.vocabulary.outcomes import NeedsHand, Outcome, Refused, Sent, TryLater, Waiting

TO_BE_CONFIRMED = gettext_noop("A colleague has to press send in WeCom.")
ONLY_WORDS = gettext_noop("WeCom's messages to groups mention nobody and answer nobody. Somebody writes this one in the group.")
NO_OWNER = gettext_noop("WeCom does not tell who owns this group, so that nobody can be asked to send.")
CANNOT_RECEIVE = gettext_noop("WeCom says that they cannot receive it: no contact any more, or as many messages as allowed.")
NO_CONTACT = gettext_noop("They are no contact any more.")
HAD_ANOTHER = gettext_noop("They have had as many mass messages as WeCom allows. Choose another day.")
LEFT_OUT = gettext_noop("The colleague has sent the message, but not to this group.")
TAKEN_BACK = gettext_noop("It was taken back before anybody had sent it.")

ABOUT_ONE = frozenset({40050, 40096, NO_RELATION, NOT_A_CUSTOMER_GROUP, 86101})
"""Refusals that may be about a single one of many: the others are tried without it."""

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far WeCom's clock and ours may be apart."""
SETTLED = timedelta(hours=1)
"""So long after a colleague has sent, what WeCom does not list was not sent."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What one colleague is to send: the same to all of these."""

    sender: str
    body: Body
    asked: tuple[Asked, ...]

    @property
    def kind(self) -> str:
        return type(self.asked[0].action).__name__

    @property
    def targets(self) -> list[str]:
        return [target(each.action) for each in self.asked]


def target(action: Action) -> str:
    """The group or the customer."""
    match action:
        case PostToGroup(group_id=group_id):
            return group_id
        case MessageMember(member_id=member_id):
            return member_id
    raise TypeError(f"{type(action).__name__} is no mass message")


def post_to_groups(desk: Desk, asked: Sequence[Asked]) -> list[Ending]:
    """A task for each owner and text."""
    endings: dict[str, Ending] = {}
    for each in asked:
        if isinstance(each.action, PostToGroup) and (each.action.mentions or each.action.reply_to):
            endings[each.key] = NeedsHand(reason=ONLY_WORDS)
    going = [each for each in asked if each.key not in endings]
    owners = _owners(desk, {target(each.action) for each in going})
    owned: list[tuple[str, Asked]] = []
    for each in going:
        owner = owners[target(each.action)]
        if isinstance(owner, str):
            owned.append((owner, each))
        else:
            endings[each.key] = owner
    for task in _tasks(owned, mass_send.GROUPS_AT_MOST):
        endings |= _made(desk, task)
    return [endings[each.key] for each in asked]


def message_members(desk: Desk, asked: Sequence[Asked]) -> list[Ending]:
    """A task for each text and colleague; where nobody is named, WeCom chooses among those who know the customer."""
    owned = [(each.action.staff_id, each) for each in asked if isinstance(each.action, MessageMember)]
    endings: dict[str, Ending] = {}
    for task in _tasks(owned, mass_send.CUSTOMERS_AT_MOST):
        endings |= _made(desk, task)
    return [endings[each.key] for each in asked]


def _owners(desk: Desk, chat_ids: Iterable[str]) -> dict[str, str | Ending]:
    """Who owns each group, or why it cannot be known. Nothing was done yet."""
    wanted = sorted(chat_ids)
    try:
        answers = groups.get_many(desk.client, wanted, names=False)
    except (WeComError, Unreachable, CutOff) as trouble:
        return dict.fromkeys(wanted, not_begun(trouble))
    found: dict[str, str | Ending] = {}
    for chat_id, answer in zip(wanted, answers, strict=True):
        if isinstance(answer, groups.GroupAnswer):
            found[chat_id] = answer.group_chat.owner or Refused(reason=NO_OWNER, for_good=False)
        else:
            found[chat_id] = not_begun(answer)
    return found


def _tasks(owned: Iterable[tuple[str, Asked]], most: int) -> Iterator[_Task]:
    """Nobody is named twice in one task: what is asked twice for somebody is two tasks."""
    alike: dict[tuple[str, Body], list[dict[str, Asked]]] = {}
    for sender, each in owned:
        action = each.action
        if isinstance(action, PostToGroup | MessageMember):
            parts = alike.setdefault((sender, action.body), [{}])
            fitting = next((part for part in parts if target(action) not in part and len(part) < most), None)
            if fitting is None:
                parts.append(fitting := {})
            fitting[target(action)] = each
    for (sender, body), parts in alike.items():
        for part in parts:
            yield _Task(sender, body, tuple(part.values()))


def _made(desk: Desk, task: _Task) -> dict[str, Ending]:
    """How each ended, by its key."""
    try:
        message = bodies.message(desk, task.body)
    except Answered as answered:
        return _for_all(task, answered.ending)
    calls = deeds.begin(
        desk.corp,
        task.kind,
        [each.key for each in task.asked],
        now=desk.now(),
        digest=bodies.digest_of(task.body),
        sender=task.sender,
        together=True,
    )
    try:
        made = _add(desk, task, message)
    except CutOff as cut:
        return _for_all(task, cut)
    except (WeComError, Unreachable) as trouble:
        deeds.undone(desk.corp, calls)
        return _without_the_one(desk, task, trouble)
    deeds.done(desk.corp, calls[:1], now=desk.now(), message_id=made.msgid)
    waiting = Waiting(message_id=made.msgid, reason=TO_BE_CONFIRMED, staff_id=task.sender)
    refused = Refused(reason=CANNOT_RECEIVE)
    left_out = set(made.fail_list)
    return {each.key: refused if target(each.action) in left_out else waiting for each in task.asked}


def _add(desk: Desk, task: _Task, message: dict[str, object]) -> mass_send.Made:
    if task.kind == PostToGroup.__name__:
        return mass_send.to_groups(desk.client, task.sender, task.targets, message)
    return mass_send.to_customers(desk.client, task.targets, message, sender=task.sender)


def _without_the_one(desk: Desk, task: _Task, trouble: WeComError | Unreachable) -> dict[str, Ending]:
    """WeCom takes all or none and does not say whom it means: halves are tried until that one is alone."""
    if len(task.asked) == 1 or not isinstance(trouble, WeComError) or trouble.code not in ABOUT_ONE:
        return _for_all(task, ending_of(trouble))
    middle = len(task.asked) // 2
    halves = (task.asked[:middle], task.asked[middle:])
    first, second = (_made(desk, _Task(task.sender, task.body, half)) for half in halves)
    return first | second


def _for_all(task: _Task, ending: Ending) -> dict[str, Ending]:
    return {each.key: ending for each in task.asked}


# What became of it


def look_up(desk: Desk, asked: Asked) -> Outcome | None:
    """Among the tasks WeCom lists, one that says the same and that nobody else here has made."""
    tries = deeds_of(desk.corp, [asked.key]).get(asked.key, [])
    for deed in tries:
        if deed.message_id:
            mass_send.tasks(desk.client, deed.message_id)  # raises where WeCom does not know it
            return Waiting(message_id=deed.message_id, reason=TO_BE_CONFIRMED, staff_id=deed.sender)
    found = [_recognised(desk, deed) for deed in tries]
    if any(each is None or isinstance(each, Waiting) for each in found):
        return next((each for each in found if each is not None and not isinstance(each, TryLater)), None)
    deeds.undone(desk.corp, [deed.call for deed in tries])
    return TryLater(after=timedelta(0), reason="")


def _recognised(desk: Desk, deed: Deed) -> Outcome | None:
    start, end = deed.begun_at - CLOCKS_DIFFER, deed.begun_at + CLOCKS_DIFFER
    chat_type = "group" if deed.kind == PostToGroup.__name__ else "single"
    listed = mass_send.listed(desk.client, chat_type, int(start.timestamp()), int(end.timestamp()))
    alike = [each.msgid for each in listed if bodies.digest_of_listed(each.text.content, each.attachments) == deed.digest]
    known = messages_known(desk.corp.corpid, alike)
    found = [msgid for msgid in alike if msgid not in known and _is_of(desk, msgid, deed.sender)]
    if not found:
        return TryLater(after=timedelta(0), reason="")
    if len(found) > 1 or len(unfinished_calls_like(deed, start=start, end=end)) > 1:
        return None  # two of ours say the same from the same colleague: nobody can tell them apart
    deeds.done(desk.corp, [deed.call], now=desk.now(), message_id=found[0])
    return Waiting(message_id=found[0], reason=TO_BE_CONFIRMED, staff_id=deed.sender)


def _is_of(desk: Desk, msgid: str, sender: str) -> bool:
    try:
        return not sender or any(task.userid == sender for task in mass_send.tasks(desk.client, msgid))
    except WeComError as error:
        if error.kind is Kind.BUSY:
            raise CutOff("WeCom is still preparing that mass message") from None
        raise


@dataclass(frozen=True, slots=True)
class _Read:
    """How one task stands."""

    tasks: Sequence[mass_send.Task]
    out: dict[str, mass_send.Delivery]
    """What colleagues who pressed send have sent, by whom it went to."""

    @property
    def confirmed(self) -> list[mass_send.Task]:
        return [task for task in self.tasks if task.status == mass_send.TASK_SENT]

    def is_settled(self, now: datetime) -> bool:
        """Whatever was sent is surely listed."""
        last = max((task.send_time for task in self.confirmed), default=0)
        return now.timestamp() - last > SETTLED.total_seconds()

    @property
    def everybody_sent(self) -> bool:
        return bool(self.tasks) and len(self.confirmed) == len(self.tasks)


def _read(desk: Desk, msgid: str) -> _Read | None:
    """None: WeCom cannot tell at present."""
    try:
        tasks = mass_send.tasks(desk.client, msgid)
        senders = [task.userid for task in tasks if task.status == mass_send.TASK_SENT]
        sent = [each for userid in senders for each in mass_send.deliveries(desk.client, msgid, userid)]
    except WeComError:
        return None
    return _Read(tasks, {each.whose: each for each in sent})


def follow(desk: Desk, asked: Sequence[Asked]) -> list[Outcome | None]:
    """All of one task."""
    read = _read(desk, asked[0].message_id)
    return [None if read is None else _standing(each, read, now=desk.now()) for each in asked]


def _standing(asked: Asked, read: _Read, *, now: datetime) -> Outcome:
    delivery = read.out.get(target(asked.action))
    match delivery.status if delivery else mass_send.NOT_YET:
        case mass_send.SENT:
            return Sent(message_id=asked.message_id)
        case mass_send.NO_CONTACT:
            return Refused(reason=NO_CONTACT)
        case mass_send.HAD_ANOTHER:
            return Refused(reason=HAD_ANOTHER, for_good=False)
    if read.everybody_sent and read.is_settled(now):
        return Refused(reason=LEFT_OUT, for_good=False)
    sender = read.tasks[0].userid if len(read.tasks) == 1 else ""
    return Waiting(message_id=asked.message_id, reason=TO_BE_CONFIRMED, staff_id=sender)


REMIND_LATER = timedelta(days=1)
"""WeCom counts over a day and does not tell since when."""
REMINDED_TOO_OFTEN, CANCELLED_ALREADY = 41094, 41093


def remind(desk: Desk, asked: Asked) -> Outcome:
    try:
        mass_send.remind(desk.client, asked.message_id)
    except WeComError as error:
        if error.code == REMINDED_TOO_OFTEN:
            return TryLater(after=REMIND_LATER, reason=error.sentence)
        raise
    return Sent(message_id=asked.message_id)


def withdraw(desk: Desk, asked: Sequence[Asked]) -> list[Outcome | None]:
    try:
        mass_send.cancel(desk.client, asked[0].message_id)
    except WeComError as error:
        if error.code != CANCELLED_ALREADY:
            return [None] * len(asked)
    read = _read(desk, asked[0].message_id)
    return [None if read is None else _withdrawn(each, read, now=desk.now()) for each in asked]


def _withdrawn(asked: Asked, read: _Read, *, now: datetime) -> Outcome:
    """Nobody can send it any more; whether somebody had just done so may show a little later."""
    standing = _standing(asked, read, now=now)
    if isinstance(standing, Waiting) and (not read.confirmed or read.is_settled(now)):
        return Refused(reason=TAKEN_BACK)
    return standing
