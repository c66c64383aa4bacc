"""What only the whole portfolio can tell: records that stop together, where the record begins, whether purposes are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from .case import Days, PlanSeen, Surroundings, day_of, number
from .thresholds import GAP_DAYS, GAP_GROUPS, GAP_SHARE, LIVELY_DAYS, PURPOSES_KEPT

Gap = tuple[date, int]


def context_of(
    days: Mapping[int, Days], plans: Mapping[int, PlanSeen], sources: Mapping[int, str], *, as_of: date
) -> dict[int, Surroundings]:
    """For each group its surroundings. `sources` names the account each group is heard through; groups not in it share one."""
    gaps = _gaps(days, sources, as_of)
    starts = _starts(days, sources)
    kept = purposes_kept(plans)
    nowhere: tuple[date | None, int] = (None, 0)
    return {
        key: Surroundings(*gaps.get(key, nowhere), record_starts=starts.get(sources.get(key, "")), purposes_kept=kept)
        for key in days.keys() | plans.keys()
    }


def purposes_kept(plans: Mapping[int, PlanSeen]) -> bool:
    known = [plan.purpose for plan in plans.values() if plan.purpose is not None]
    return bool(known) and sum(bool(purpose.strip()) for purpose in known) >= PURPOSES_KEPT * len(known)


def _starts(days: Mapping[int, Days], sources: Mapping[int, str]) -> dict[str, date]:
    """The first day with talk heard through each account."""
    first: dict[str, int] = {}
    for key, group in days.items():
        talk = group.day[(group.messages + group.house_messages) > 0]
        if len(talk):
            source = sources.get(key, "")
            first[source] = min(first.get(source, int(talk[0])), int(talk[0]))
    return {source: day_of(day) for source, day in first.items()}


def _gaps(days: Mapping[int, Days], sources: Mapping[int, str], as_of: date) -> dict[int, Gap]:
    """Groups of one account that were lively and stopped together, with nothing said since, not even by the house."""
    by_source: dict[str, dict[int, int]] = defaultdict(dict)
    lively_still: dict[str, int] = defaultdict(int)
    today = number(as_of)
    for key, group in days.items():
        source = sources.get(key, "")
        end = _lively_end(group)
        if end is None:
            continue
        if today - end >= GAP_DAYS:
            by_source[source][key] = end
        else:
            lively_still[source] += 1
    found: dict[int, Gap] = {}
    for source, ends in by_source.items():
        for together in _together(ends):
            if _no_coincidence(together, ends, lively_still[source], today):
                since = day_of(min(ends[key] for key in together) + 1)
                found |= dict.fromkeys(together, (since, len(together)))
    return found


def _lively_end(group: Days) -> int | None:
    """The last day on which anybody, house included, said anything in a group that spoke on most of the week before; None for
    all others. Comings and goings may be reported by another way than talk, so they do not show that talk is recorded."""
    said = group.day[(group.messages + group.house_messages) > 0]
    if not len(said):
        return None
    end = int(said[-1])
    return end if int((said > end - 7).sum()) >= LIVELY_DAYS else None


def _together(ends: Mapping[int, int]) -> Iterable[list[int]]:
    """Groups whose last days lie next to one another, at most a day apart."""
    ordered = sorted(ends, key=lambda key: (ends[key], key))
    run = ordered[:1]
    for before, after in pairwise(ordered):
        if ends[after] - ends[before] <= 1 and ends[after] - ends[run[0]] <= 1:
            run.append(after)
        else:
            yield run
            run = [after]
    if run:
        yield run


def _no_coincidence(together: list[int], ends: Mapping[int, int], lively_still: int, today: int) -> bool:
    """Several lively groups at once, or all there are of a small account; a single one only where the account has no other and
    ended so lately that its own rhythm cannot explain it."""
    if len(together) >= GAP_GROUPS:
        return True
    lately = today - max(ends[key] for key in together) <= 60
    lively_then = lively_still + sum(1 for key in ends if ends[key] >= max(ends[one] for one in together) - 1)
    return lately and len(together) >= 2 and len(together) > GAP_SHARE * lively_then and lively_still == 0
