"""One entry of an Outlook calendar (https://learn.microsoft.com/graph/api/resources/event) as a meeting.

Decides how Graph's words are told as facts. What a meeting means is not decided here.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from connectors.ical.moments import Moment, settle, write_original
from connectors.outlook.facts import moment, pair, text
from connectors.packing import hash_word
from connectors.text import clean
from connectors.types import Address, Answer, Attendee, Meeting

_ANSWERS: Final = {
    "accepted": Answer.ACCEPTED,
    "organizer": Answer.ACCEPTED,
    "declined": Answer.DECLINED,
    "tentativelyAccepted": Answer.TENTATIVE,
}
_AWAY: Final = "oof"
_EXTRAORDINARY: Final = frozenset({_AWAY, "workingElsewhere"})
_TITLE: Final = 300
_ATTENDEES: Final = 1000
_UID: Final = 1000  # as in the other kinds: the same meeting in two accounts has one UID
_A_DAY: Final = timedelta(days=1)
_GLOBAL_ID: Final = re.compile(
    "(?P<head>040000008200e00074c5b7101a82e008)(?P<day>[0-9a-f]{8})(?P<made>[0-9a-f]{32}[0-9a-f]{8})"
    "(?P<data>(?:[0-9a-f]{2})+)"
)
"""A PidLidGlobalObjectId in hexadecimal ([MS-OXOCAL], section 2.2.1.27). `day`: an occurrence's, zero in a series'."""
_FOREIGN: Final = re.compile("7643616c2d55696401000000((?:[0-9a-f]{2})+?)(?:00)*")
"""The `data` of an id that another calendar gave: "vCal-Uid", a 1, and the id's own bytes."""


def read_meeting(calendar: str, event: Mapping[str, Any], mine: Sequence[str]) -> Meeting:
    """Return the meeting that `event` of `calendar` is.

    `mine` are the user's addresses here, in lower case; the first one stands for all.

    Raises:
        ValueError: it tells no id or no times, or impossible ones.
    """
    number = text(event, "id")
    all_day = event.get("isAllDay") is True
    start, end = _moment(event.get("start")), _moment(event.get("end"))
    organizer = _address(event.get("organizer"), mine)
    attendees = _attendees(event, organizer, mine)
    begin, finish = (settle(_day(one) if all_day else one) for one in (start, end))
    uid, day = split_uid(_word(event, "iCalUId"))
    return Meeting(
        key=meeting_key(calendar, number),
        uid=uid or number,
        original_start=_original(event, start, day, all_day=all_day),
        start=begin,
        end=max(begin, finish),
        all_day=all_day,
        cancelled=event.get("isCancelled") is True,
        ordinary=_word(event, "showAs") not in _EXTRAORDINARY,
        away=_word(event, "showAs") == _AWAY,
        organizer=organizer,
        attendees=tuple(attendees),
        # Who is invited sees nobody but themselves there.
        attendees_known=event.get("hideAttendees") is not True or (organizer is not None and organizer.email in mine),
        title=clean(_word(event, "subject"), _TITLE),
        updated_at=moment(event.get("lastModifiedDateTime")),
    )


def begins_at(event: Mapping[str, Any]) -> datetime:
    """Return when an entry begins.

    Raises:
        ValueError: it does not tell.
    """
    return _moment(event.get("start"))


def meeting_key(calendar: str, number: str) -> str:
    """Return the name of an entry within its account: of fixed length, for an id is long and a calendar has many."""
    return f"{hash_word(f'{calendar} {number}'):016x}"


def split_uid(told: str) -> tuple[str, date | None]:
    """Return the iCalendar UID that an entry, its whole series included, has in every calendar, and its own day.

    Exchange gives each occurrence an id of its own, with its day in it (None: there is none), and wraps those of other
    calendars.
    """
    found = _GLOBAL_ID.fullmatch(told.lower())
    if found is None:
        return clean(told, _UID), None
    day = _date(found["day"])
    foreign = _FOREIGN.fullmatch(found["data"])
    if foreign is not None:
        return clean(bytes.fromhex(foreign[1]).decode("utf-8", "replace"), _UID), day
    return clean((found["head"] + "0" * len(found["day"]) + found["made"] + found["data"]).upper(), _UID), day


def _original(event: Mapping[str, Any], start: datetime, day: date | None, *, all_day: bool) -> str:
    """Return what tells an occurrence apart from the others of its series, "" for what does not recur."""
    original = moment(event.get("originalStart"))
    if original is None:
        # Who was invited to one occurrence only has it as a single entry, which knows its day from its id.
        if day is None and _word(event, "type") not in {"occurrence", "exception"}:
            return ""
        original = start
    told: Moment = _day(original) if all_day else original
    return write_original(told)


def _day(midnight: datetime) -> date:
    """Return the day that a midnight begins, wherever on earth it is one."""
    return (midnight + _A_DAY / 2).date()


def _date(told: str) -> date | None:
    try:
        return date(int(told[:4], 16), int(told[4:6], 16), int(told[6:], 16))
    except ValueError:
        return None


def _moment(told: object) -> datetime:
    """Return a moment that tells its zone beside it: the one asked for, as a rule.

    Raises:
        ValueError: it is none.
    """
    fields = told if isinstance(told, Mapping) else {}
    value, zone = _word(fields, "dateTime"), _word(fields, "timeZone")
    at = moment(value)
    if at is None:
        raise ValueError("an entry without a time")
    if zone in {"", "UTC"} or datetime.fromisoformat(value).tzinfo is not None:
        return at
    from connectors.ical.zones import named_zone  # noqa: PLC0415 -- slow to import, and hardly ever needed

    known = named_zone(zone)
    if known is None:
        raise ValueError(f'an entry in a time zone that is not known, "{clean(zone, 60)}"')
    return at.replace(tzinfo=known).astimezone(UTC)


def _attendees(event: Mapping[str, Any], organizer: Address | None, mine: Sequence[str]) -> list[Attendee]:
    """Return who is invited; of the user the answer that the entry itself tells, for that is the one that holds."""
    found: dict[str, Attendee] = {}
    listed = event.get("attendees")
    for one in listed[:_ATTENDEES] if isinstance(listed, list) else ():
        address = _address(one, mine)
        if address is None:
            continue
        email = address.email.lower()
        answer = _ANSWERS.get(_response(one.get("status")), Answer.NONE)
        if email not in found or (found[email].answer is Answer.NONE and answer is not Answer.NONE):
            found[email] = Attendee(address, answer, _word(one, "type") == "resource")
    own = _ANSWERS.get(_response(event.get("responseStatus")))
    me = mine[0] if mine else ""
    if me in found:
        found[me] = Attendee(found[me].address, own or Answer.NONE)
    elif me and found and own is not None and (organizer is None or organizer.email != me):
        found[me] = Attendee(Address(me), own)  # invited by way of a group
    return list(found.values())


def _response(told: object) -> str:
    return _word(told, "response") if isinstance(told, Mapping) else ""


def _address(told: object, mine: Sequence[str]) -> Address | None:
    """Return a mailbox. Of the user's own some are known to their calendars alone: all are told as the first."""
    found = pair(told)
    if found is None:
        return None
    return Address(mine[0] if found[0].lower() in mine else found[0], found[1])


def _word(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def is_over(meeting: Meeting, since: datetime | None) -> bool:
    """Say whether a meeting was over at `since`; one of no certain zone only if it was so everywhere."""
    if since is None:
        return False
    end = meeting.end if meeting.end.tzinfo is not None else meeting.end.replace(tzinfo=UTC) + _A_DAY
    return end <= since
