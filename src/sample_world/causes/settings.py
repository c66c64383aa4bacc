"""What kind of world the causes work in. A detector is tuned on one setting and reported on the other."""

from __future__ import annotations

from dataclasses import dataclass

from sample_world.words import common

Span = tuple[float, float]
"""Lowest and highest; what a group gets is drawn between them."""


@dataclass(frozen=True)
class Settings:
    name: str
    organisations: tuple[tuple[str, tuple[str, ...]], ...]
    """Slug of an organisation and those of its kinds of groups that are played; nothing of flash groups."""
    days: int
    zone: str
    strengths: tuple[float, ...]
    """How badly a cause can hit: 1 is as bad as it gets. The second of a pair is never the stronger."""
    size: Span
    """Members, of groups that are neither too large nor too small."""
    large: Span
    small: Span
    level: Span
    """Conversations a day in a healthy group."""
    stay: Span
    """Days people keep up an interest before life takes them elsewhere, on average, whatever the group is like."""
    talkers: float
    """Share of members with something to say, beside the onlookers."""
    hurt: Span
    """What is left undone by an opening nobody answers: the part of their interest a regular loses."""
    boredom: float
    """Part of their interest people lose a day where nothing holds them."""
    reading: float
    """Part of the interest they lack that people win back on a day they read lively talk."""
    quoting: float
    """How often an answer quotes what it answers, around 1."""
    naming: float
    """How often an answer names whom it is for, of somebody who turns to others all the time."""
    pace: float
    """How fast people answer, around 1; the higher the slower."""
    late_hours: float
    """By how many hours the day is shifted."""
    asking: Span
    """Share of the openings that are questions."""
    ads_of_strangers: tuple[str, ...]
    house_ads: tuple[str, ...]
    """Beside those of the group's theme."""
    ads_a_day: Span
    """From the mildest to the worst case of ad fatigue."""
    packets: float
    """Red packets a day."""
    healthy: float
    """Share of the groups nothing ails."""
    pairs: float
    """Share of the ailing groups that have two causes."""
    onset: Span
    """When causes set in, as a part of the days."""


DEVELOPMENT = Settings(
    name="development",
    organisations=(
        ("zhiye", ("store", "welfare")),
        ("qirishu", ("qa", "writing")),
        ("tonghaoli", ("pets", "running", "lipstick", "handicraft")),
    ),
    days=180,
    zone="Asia/Shanghai",
    strengths=(0.5, 0.75, 1.0),
    size=(60, 190),
    large=(430, 485),
    small=(5, 10),
    level=(1.0, 3.6),
    stay=(45, 90),
    talkers=0.1,
    hurt=(0.08, 0.14),
    boredom=0.012,
    reading=0.04,
    quoting=1.0,
    naming=0.28,
    pace=1.0,
    late_hours=0.0,
    asking=(0.25, 0.4),
    ads_of_strangers=common.ADS_BY_SPAMMERS[:12],
    house_ads=common.ADS[:12],
    ads_a_day=(1.5, 4.0),
    packets=0.06,
    healthy=0.4,
    pairs=0.3,
    onset=(0.4, 0.9),
)

UNSEEN = Settings(
    name="unseen",
    organisations=(
        ("zhiye", ("vip", "welfare")),
        ("qirishu", ("reading", "jobs")),
        ("tonghaoli", ("mothers", "photography")),
    ),
    days=150,
    zone="Australia/Sydney",
    strengths=(0.4, 0.6, 0.9),
    size=(35, 300),
    large=(400, 496),
    small=(6, 13),
    level=(0.8, 5.0),
    stay=(30, 120),
    talkers=0.14,
    hurt=(0.06, 0.18),
    boredom=0.016,
    reading=0.055,
    quoting=0.6,
    naming=0.4,
    pace=2.2,
    late_hours=1.5,
    asking=(0.15, 0.55),
    ads_of_strangers=common.ADS_BY_SPAMMERS[8:],
    house_ads=common.ADS[9:],
    ads_a_day=(1.0, 6.0),
    packets=0.11,
    healthy=0.44,
    pairs=0.4,
    onset=(0.3, 0.93),
)

SETTINGS = {settings.name: settings for settings in (DEVELOPMENT, UNSEEN)}
