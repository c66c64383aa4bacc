"""Every number the search for causes decides by. A pair is a ramp: strength 0 up to the first, 1 from the second.

Where a figure speaks the more the lower it is, the strength is 1 up to the first and 0 from the second.
"""

from __future__ import annotations

WRONG, WRONG_IF_SLOW, WRONG_IF_LIVELY = 0.55, 0.85, 0.75
"""So likely it must be that something is wrong, before a cause is said: of a group that fell or is silent, of one that bubbles
along without having fallen, of one that is lively by its state."""
KEPT = 0.7
"""A lively group of whose talk so much is left has not fallen, whatever else shows."""
BY_CHANCE = 0.5
"""Where nothing being wrong is at least so likely, a group that went down is looked at again before anything is done."""
LIKELIEST, LIKELIEST_IF_LIVELY = 0.3, 0.4
"""Where no cause is as likely as this, there is not enough to say."""
MOST = 3
NOT_BY_CHANCE, FAR_BEHIND = 0.08, 0.25
"""A further cause is said only where it is as likely as this, and has this part of the likeliest one's chance."""

# A missing record
GAP_DAYS = 3
"""Days of silence after which lively groups that stopped together are no coincidence."""
GAP_GROUPS = 4
"""So many lively groups stopping within two days of one another, with nothing at all after that."""
GAP_SHARE = 0.5
"""... or this share of an account's lively groups, where it has fewer."""
LIVELY_DAYS = 5
"""A group that talked on so many of its last seven days is lively: such groups do not stop overnight."""

# Purpose and birth
PURPOSES_KEPT = 0.3
"""Where fewer groups have a written purpose, nobody here writes them down, and a missing one says nothing."""
ROOTED = (0.45, 0.75)
"""Share of all talk in the first two weeks: from where a group has not taken root."""
BURST = (0.5, 0.8)
BURST_AGE = 21
"""Before so many days a group's first weeks are all it can have had."""
BURST_MESSAGES = 15

# The operator
HOUSE_STARTS = (0.4, 0.85)
AFTER_HOUSE = (0.45, 0.75)
HOUSE_TIES = (0.2, 0.5)
KEPT_WITHOUT_HOUSE = (0.1, 0.5)
AMONG_THEMSELVES = (0.1, 0.22)
"""Self-excitation: from where members draw one another into talk well enough without the operator."""
LEAD_ALONE = 0.7
"""What a busy operator counts where it is not known how members do without."""
HOUSE_STOPPED = (0.3, 0.8)
"""House messages after the fall as a part of those before: from where the house did not stop."""
CONVERSATIONS = 8
ADS_OF_HOUSE, ADVERTISES = 0.6, 0.3
"""Where so much of what the house says is advertising, it hardly operates: what is left of its weight."""

# Faces
NEW_FACES = (0.02, 0.1)
TOP5_SHARE = (0.35, 0.65)
TOP5_RISE = (0.0, 0.15)
CHECKIN_TOP3 = (0.5, 1.0)
CROWD = 8
"""With fewer speakers in three months the same faces are all the faces there are."""
CORE_LOST = 0.3
"""Where so few of the core still speak it is not the same faces."""
KEY_SHARE = (0.15, 0.45)
KEY_PEOPLE = 2
TOGETHER = 2
"""So many of the ten busiest who left within four days of one another."""
KEY_BEFORE_OTHERS = (-0.2, 0.1)
"""Share of the five who went, less the share of all speakers who fell quiet: did the core go, or everybody?"""

# Advertising
ADS = 12
AD_COUNT = (15, 60)
AD_SHARE = (0.02, 0.14)
AD_DAYS = (0.2, 0.6)
AD_LEAVERS = (0.9, 1.8)

# People left alone
FIRST_WORDS = 4
FIRST_WORDS_IGNORED = (0.5, 0.8)
INFERRED = 0.5
"""What an answer counts that is only inferred from who spoke next."""
QUESTIONS = 4
IN_COMPANY = 8
"""So many questions asked while people were there are enough to leave the others out."""
QUESTIONS_IGNORED = (0.15, 0.6)
HELPED_BY_MEMBERS = (0.1, 0.7)
WEIGHT_OF_DOUBT = 2.0
"""So many answered ones are added in thought: three of three ignored is less telling than thirty of thirty."""

# Fakes and size
FAKES = (0.06, 0.25)
FAKE_PEOPLE = 6
MEMBER_ADS = (15, 30)
"""Ads by members in three months, where they are more than the house's."""
OVERRUN = 0.05
"""Where members' ads are so much of what members say, a group is not well however lively it looks."""
LARGE = (300, 370)
FULL = (0.75, 0.95)
"""Members of the capacity, where the carrier's limit is known."""
TALKING_SHARE = (0.15, 0.35)
"""Share of a large group's members who talk: from where its size does not silence it."""
SMALL = (10, 16)

STILL = 4
"""People who talked within so many days go on after the planned end: then nothing is closed."""

# What to do
RECOVERABLE_DAYS = 60
"""After so many days of silence people do not come back to a group by being greeted."""
LONG_GONE = 150
OVER = 365
"""After so many days of silence nobody is left to be asked or to be moved."""
PEOPLE_TO_REVIVE = 5
"""With fewer who talked in its last months there is nobody to revive it with."""
BUYERS_COUNT = 3
SMALL_ENOUGH_TO_MERGE = 60
"""Members, or speakers of its last months where members are not known."""
SHARED_TO_MERGE = 0.1
"""People who are in both, as a part of the smaller group's members."""
ROOM = 0.9
"""Of its capacity, as much as a group may be filled by a merger."""
SPLIT_MEMBERS = 200
"""A group is split only where both halves are large enough to live (C11)."""
HOURS_A_WEEK = 6.0
"""Hours an operator has for looking after groups, where nobody said otherwise."""
