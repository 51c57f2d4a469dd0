"""What the log says of a round: one plain line, and another for each account whose health changed.

No person is named: the log outlives what `auld forget` deletes, and others may read it.
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from connectors.text import clean
from daemon.model import Status
from daemon.round import Report
from daemon.store import AccountHealth, SideStatus
from daemon.turn import Turn

_LONGEST: Final = 400  # characters of what went wrong
_CHANGES: Final = {
    Status.OPEN: "found again",
    Status.SENT: "sent",
    Status.EDITED: "edited",
    Status.DELETED: "deleted",
    Status.WITHDRAWN: "taken back",
}


def words_of(
    report: Report, before: Mapping[str, AccountHealth], side: SideStatus, turn: Turn
) -> Iterator[tuple[int, str]]:
    """Yield the lines for the log, each with its level.

    Args:
        report: what the round did.
        before: how each account was before it.
        side: how all is after it.
        turn: what it worked with.
    """
    now, ill = turn.now, [one for one in side.accounts if one.health != "ok"]
    said = ". ".join((_read(report), *_drafts(report), *_old(ill, turn)))
    yield logging.INFO, f"{said}."
    for one in side.accounts:
        was = before.get(one.name)
        if one.health == "ok" and was is not None and was.health != "ok":
            yield logging.INFO, f"{one.name} can be read again{_after(was.failing_since, now)}."
        elif one.health != "ok" and one.failures == 1 and one.name not in turn.resting:
            yield logging.WARNING, f"{one.name} cannot be read ({one.health}): {clean(one.detail, _LONGEST)}"
    for fault in dict.fromkeys((*report.faults, *(one.reason for one in report.drafted.unwritten if one.fault))):
        yield logging.DEBUG, clean(fault, _LONGEST)


def status_of(side: SideStatus) -> str:
    """Return in a few words how it stands after a round."""
    ill = [one for one in side.accounts if one.health != "ok"]
    if not ill:
        return "All is well."
    return " ".join(f"{_need(one)}." for one in ill)


def _read(report: Report) -> str:
    read = [
        f"{_count(sum(one.mails for one in report.outcomes), 'new mail')}",
        f"{_count(sum(one.meetings for one in report.outcomes), 'meeting')}",
    ]
    told = [text for text in read if text]
    return f"Read {' and '.join(told)}" if told else "Nothing new"


def _drafts(report: Report) -> Iterator[str]:
    """Yield what became of drafts, a sentence each."""
    places = [one.account for one in report.drafted.written]
    if places:
        yield f"Wrote {_count(len(places), 'draft')}, in Drafts of {', '.join(sorted(set(places)))}"
    statuses = [one.status for one in report.changed]
    for status, word in _CHANGES.items():
        if number := statuses.count(status):
            yield f"{_count(number, 'draft')} {'was' if number == 1 else 'were'} {word}"
    failed = sum(one.fault for one in report.drafted.unwritten)
    if failed:
        yield f"{_count(failed, 'draft')} could not be written (auld once says why)"
    if report.faults:
        yield f"{_count(len(report.faults), 'thing')} in Drafts could not be looked at"


def _old(ill: list[AccountHealth], turn: Turn) -> Iterator[str]:
    """Yield who is still ill; those who became so in this round have a line of their own."""
    for one in ill:
        if one.failures > 1 or one.name in turn.resting:
            since = f" since {one.failing_since.astimezone(turn.zone):%d %b %H:%M}" if one.failing_since else ""
            yield f"{_need(one)}{since}"


def _need(one: AccountHealth) -> str:
    if one.health == "needs-login":
        return f"{one.name} needs you to sign in (auld login {one.name})"
    if one.health == "unavailable":
        return f"{one.name} cannot be reached"
    return f"{one.name} refuses to be read (auld status)"


def _after(since: datetime | None, now: datetime) -> str:
    """Return how long it lasted, as the end of a sentence."""
    if since is None or since > now:
        return ""
    lasted = now - since
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if lasted >= length:
            return f", after {_count(round(lasted / length), unit)}"
    return ""


def _count(number: int, one: str, many: str | None = None) -> str:
    if not number:
        return ""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
