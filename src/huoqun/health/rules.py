"""Decisions of the audit that are not SQL: thresholds, windows, words, days. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)
DAY_US = 86_400_000_000
HALF_HOUR_US = 1_800_000_000
HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
SHOWN_DAYS = 400
"""Days of groups kept for pages."""

TALK_KINDS = (
    "message",
    "action",
    "image",
    "video",
    "voice",
    "file",
    "sticker",
    "link",
    "card",
    "location",
    "poll",
    "call",
    "red_packet",
    "transfer",
    "other",
)

QUESTION_PATTERN = (
    # A full-width mark always asks. A half-width one inside an address (?a=1) does not.
    "？|[?]([^0-9A-Za-z=&/_%.-]|$)"
    "|吗|呢[。！!~～ ]*$|么[。！!~～ ]*$|咋|啥时候|啥价"
    "|怎么(办|弄|做|用|买|领|样|回事|才|没|还|去|进|报名|参加|联系|收费|处理|设置|操作|这么|那么|不)|如何|为什么|为啥"
    "|请问|请教|想问|问一下|问下|求(推荐|助|问|教|解|带|分享|链接)|有没有|有谁|有人(知道|用过|去过|懂|会|试过|买过)|谁(知道|有|能|会|用过|去过)"
    "|能不能|可不可以|可以不|是不是|要不要|会不会|好不好(用|吃|看)|行不行"
    "|哪里|哪儿|哪个|哪家|哪款|哪种|哪天|什么时候|几点(开|到|结|下|上|发|钟)|多少钱|多少(一|元|块)|多久|多大|怎么卖"
)
"""What makes a text a question, as a pattern both engines read alike (no look-around, no classes of one engine only)."""


AD_PATTERN = (
    # Strangers asking to be added or written to.
    "[加➕＋+] ?(我的?)?(微信|薇信|威信|微|薇|卫星|[vV][xX]?|[wW][xX]|[qQ]{1,2}|扣扣|企鹅)"
    "|([vV][xX]|微信号?|[qQ]{2}号?) ?[:：] ?[0-9A-Za-z]|私聊?我(领|了解|咨询|报名|拿|下单)"
    "|(扫码|扫一扫|长按识别|识别二维码)[^。]{0,6}(进群|入群|加|领|下单|关注|购买|抢|了解|咨询)"
    "|(点击?|戳|复制|打开)(下方|上方|这个|此|以下|蓝色)?(链接|连接|小程序|口令|淘宝)[^。]{0,8}(领|买|购|下单|抢|报名|加|参与)"
    "|[#【]小程序[:】]"
    # Promotion.
    "|优惠券|代金券|满[0-9]+(元|块)?[减送]|立减|立省|限时|限量|秒杀|特价|包邮|[买满][一二两三四五六0-9]+[送赠]"
    "|[0-9一二三四五六七八九][0-9一二三四五六七八九.]?折|清仓|福利价|到手价|券后|内部价|团购价|拼团价|活动价|促销|大促|热卖|爆款"
    "|下单(立|即|就|送|链接)|拍下|抢购|0元(领|购)|免费领取?|领(券|取福利)|招(代理|商加盟|加盟)|诚招|日结|日[入赚][0-9过上]"
    "|月入[0-9过上一二三四五六七八九十]|躺赚|稳赚|刷单|返利|返现|低息|无抵押|秒(批|到账|下款)|代办|办证|棋牌|首充|彩金"
    "|([¥￥][ ]?[0-9]|[0-9] ?(元|块钱?)).*(https?://|复制|口令)|https?://.*([¥￥][ ]?[0-9]|[0-9] ?(元|块))"
    # The same in English.
    "|[0-9] ?% ?(off|OFF|discount)|[Pp]romo(tion)? ?code|[Uu]se code|[Ll]imited[ -](time|offer)|[Bb]uy (now|one)"
    "|[Oo]rder now|[Cc]all now|[Ss]hop now|[Cc]laim (your|now|yr)|[Cc]ash prize|[Pp]rize|[Tt]e?xt [A-Z]{3,}"
    "|([Dd][Mm]|[Tt]e?xt|[Ww]hats[Aa]pp) me (for|to|on)|t[.]me/[A-Za-z+]|wa[.]me/[0-9]"
    "|[Ee]arn [$£€0-9]|[Gg]uaranteed|[Ff]ree (entry|gift|trial|ringtone|msg|delivery)|FREE"
)
"""What makes a text an advertisement: somebody to be added, something to be bought or had for nothing. Both engines read it."""

CHECKIN_PATTERN = (
    "打卡|签到|报到|^(我?已?完成|已交|交了|做完了)[了啦!！。~～✅ ]*$|^#?[Dd](ay|AY) ?[0-9]|^[Cc]heck(ed)?[ -]?in"
    "|(完成|坚持|早起|阅读|跑步|学习|练习).*第 ?[0-9一二三四五六七八九十百]+ ?(天|次|课)"
)
"""What makes a text of at most `checkin_letters` that asks nothing a check-in: 打卡, 签到, "done, day N"."""

CALL_PATTERN = "@ ?(所有人|全体成员|全体|全员|all|everyone|channel|here)([^A-Za-z]|$)"
"""What makes a text a call to everybody."""

PATTERNS = (QUESTION_PATTERN, AD_PATTERN, CHECKIN_PATTERN, CALL_PATTERN)
"""All of these: a day-book made with others is made anew."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers inside the metrics' SQL; each stands there as `$name`. All whole numbers: days, minutes, people, per cent."""

    recent_days: int = 30
    """The longer look back for talk and joins."""
    service_days: int = 30
    """Questions of so many days are followed up."""
    cohort_days: int = 90
    """Newcomers are those who joined in so many days."""
    welcome_days: int = 7
    """What a newcomer says within so many days of joining are first words; the wait for an answer counts from them."""
    follow_minutes: int = 10
    """One of the next five messages, by somebody else and within so many minutes, is taken for an answer (inferred)."""
    mention_hours: int = 48
    """A mention of the asker within so many hours answers the latest question."""
    role_days: int = 90
    """Structure and roles are read from the group's last so many days up to its own last talk."""
    company: int = 5
    """So many members who speak on a day: somebody is there who could answer."""
    silence_minutes: int = 60
    """The first message after so many minutes without one starts a conversation."""
    rhythm_days: int = 28
    """Who draws whom into talk is read from so many days, where they hold `rhythm_messages`; else from `role_days`."""
    rhythm_messages: int = 200
    fewest_to_tell: int = 50
    """Below so many half hours of people talking nothing is said of who draws whom."""
    fewest_days: int = 5
    """Days with and days without the operators, each, below which the two are not compared."""
    packet_halves: int = 6
    """A packet's half hour and those after it, in which life after it is looked for."""
    event_weeks: int = 4
    """Posts at the same weekday and hour in so many weeks are a series."""
    burst_joins: int = 8
    """So many brought in by one inviter within an hour are a burst."""
    packet_claims: int = 3
    """So many claims at least, before quick hands are called a machine."""
    claim_ms: int = 1500
    """Every claim within so many milliseconds of the packet: no hand is that quick every time."""
    plan_grace_days: int = 3
    """A group may end so many days beside its plan and has kept it."""
    checkin_letters: int = 60
    """A longer text that mentions checking in is about it, not a check-in."""
    listed: int = 20
    """Unanswered questions listed for one group."""
    small: int = 100
    """Below so many people, say people and not per cent."""

    def constants(self) -> dict[str, str]:
        numbers = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return numbers | {
            "follow_us": str(self.follow_minutes * MINUTE_US),
            "mention_us": str(self.mention_hours * HOUR_US),
            "welcome_us": str(self.welcome_days * DAY_US),
            "silence_us": str(self.silence_minutes * MINUTE_US),
            "claim_us": str(self.claim_ms * 1000),
            "hour_us": str(HOUR_US),
            "day_us": str(DAY_US),
            "minute_us": str(MINUTE_US),
        }

    @property
    def service_reach(self) -> int:
        """Days before the as-of day from which talk must be seen message by message."""
        return max(self.service_days, self.cohort_days) + self.welcome_days


LIMITS = Limits()


def day_number(day: date) -> int:
    """Days since 1970: how days stand in the metrics, so that every engine reckons with them alike."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    return EPOCH + timedelta(days=number)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def starts_at(day: date, zone: ZoneInfo) -> datetime:
    """The moment the community's day begins, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def microseconds(moment: datetime) -> int:
    """Since 1970, exactly (floats lose microseconds after 2242, and `timestamp()` rounds)."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def moment(us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


def offsets(zone: ZoneInfo, first: date, last: date) -> Iterator[tuple[datetime, timedelta]]:
    """The zone's offsets between two days: (valid from, offset), the first valid from ever.

    Changes are looked for hour by hour around the days between which the offset differs; no zone changes twice a day.
    """
    probe = datetime.combine(first, time.min, UTC) - timedelta(days=2)
    end = datetime.combine(last, time.min, UTC) + timedelta(days=2)
    offset = _offset(zone, probe)
    yield probe, offset
    while probe < end:
        ahead = probe + timedelta(days=1)
        if _offset(zone, ahead) != offset:
            offset = _offset(zone, ahead)
            yield _change_between(zone, probe, ahead), offset
        probe = ahead


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high.replace(microsecond=0)


def local_day_sql(zone: ZoneInfo, first: date, last: date, clock: str = "EPOCH_US(sent_at)") -> str:
    """SQL for the community's day of a time in microseconds, right between the two days: whole numbers, no zone tables.

    A zone with summer time becomes a CASE of its few offsets; asking the engine for the zone costs ten times as much.
    """
    return f"CAST({_local_clock(zone, first, last, clock)} // {DAY_US} AS INT)"


def local_half_sql(zone: ZoneInfo, first: date, last: date, clock: str = "EPOCH_US(sent_at)") -> str:
    """SQL for the half hour of the community's day, 0 to 47, likewise."""
    return f"CAST({_local_clock(zone, first, last, clock)} // {HALF_HOUR_US} % 48 AS INT)"


def _local_clock(zone: ZoneInfo, first: date, last: date, clock: str) -> str:
    known = list(offsets(zone, first, last))
    latest = _microseconds_of(known[-1][1])
    if len(known) == 1:
        return f"({clock} + {latest})"
    cases = " ".join(
        f"WHEN {clock} < {microseconds(start)} THEN {_microseconds_of(offset)}" for (_, offset), (start, _) in pairwise(known)
    )
    return f"({clock} + CASE {cases} ELSE {latest} END)"


def _microseconds_of(offset: timedelta) -> int:
    return offset // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A group whose state is another one than before."""

    group: int
    state: str
    before: str
    since: date | None


def turned(before: Mapping[int, str], judged: Mapping[int, tuple[str, date | None]]) -> list[Turn]:
    """The groups that turned, by key. A group judged for the first time turns from ""; no talk seen is "" too."""
    return [
        Turn(group, state, before.get(group, ""), since)
        for group, (state, since) in sorted(judged.items())
        if state != before.get(group, "")
    ]


def audit_day(last_row: datetime, now: datetime, zone: ZoneInfo) -> date:
    """The day to audit: yesterday, or the last day of the record where that is older. Today is not over yet."""
    return min(local_day(last_row, zone), local_day(now, zone) - timedelta(days=1))


def weeks_before(day: date, first: date, *, weeks: int = 26) -> list[date]:
    """The days at which the portfolio's movement is shown: each week back, as far as there is a record."""
    days = (day - timedelta(days=7 * back) for back in range(1, weeks + 1))
    return [earlier for earlier in days if earlier >= first]
