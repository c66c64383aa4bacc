"""The row of an access token: who may fetch a new one, and what came of it. It lies here and not among the operations, as those
call WeCom themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from huoqun.carriers.wecom.models import Corp, Door, Token


def row_of(corp: Corp, door: Door) -> Token:
    row, _ = Token.objects.get_or_create(corp=corp, door=door)
    return row


def claim(row: Token, *, by: str, lasts: timedelta, now: datetime) -> bool:
    """Nobody else fetches until the lease is over. False: somebody does."""
    # A lease that ends later than any should was taken by a clock that has been put back since. Much later: whoever had to wait
    # for the database says a `now` that is over.
    free = Q(fetching_until__isnull=True) | Q(fetching_until__lte=now) | Q(fetching_until__gt=now + 2 * lasts)
    return bool(Token.objects.filter(free, pk=row.pk).update(fetching_until=now + lasts, fetched_by=by))


def keep(row: Token, value: str, expires_at: datetime) -> None:
    Token.objects.filter(pk=row.pk).update(value=value, expires_at=expires_at)


def let_go(row: Token, *, by: str) -> None:
    Token.objects.filter(pk=row.pk, fetched_by=by).update(fetching_until=None)
