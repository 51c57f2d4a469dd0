"""One entry of Google Calendar (https://developers.google.com/workspace/calendar/api/v3/reference/events) as a meeting.

Decides how Google's words are told as facts. What a meeting means is not decided here.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from connectors.ical.moments import Moment, settle, write_original
from connectors.mime.addresses import clean_address
from connectors.text import clean
from connectors.types import Address, Answer, Attendee, Meeting

_ORDINARY: Final = frozenset({"default", "fromGmail"})
_AWAY: Final = "outOfOffice"
_ANSWERS: Final = {
    "accepted": Answer.ACCEPTED,
    "declined": Answer.DECLINED,
    "tentative": Answer.TENTATIVE,
    "needsAction": Answer.NONE,
}
_TITLE: Final = 300
_ATTENDEES: Final = 1000
_ID: Final = 1024
_UID: Final = 1000  # as connectors.ical has it: the same meeting in two accounts has one UID


def read_meeting(calendar: str, event: Mapping[str, Any]) -> Meeting | None:
    """Return the meeting that `event` of `calendar` is; None for one that is cancelled and tells nothing else.

    Raises:
        ValueError: it tells no times, or impossible ones.
    """
    number, cancelled = event_id(event), event.get("status") == "cancelled"
    if cancelled and not (event.get("start") and event.get("end")):
        return None
    start, end = _moment(event.get("start")), _moment(event.get("end"))
    all_day = not isinstance(start, datetime)
    begin, finish = settle(start), settle(end)
    if (begin.tzinfo is None) is not (finish.tzinfo is None):
        raise ValueError("it begins on a day and ends at an hour, or the other way round")
    if event.get("endTimeUnspecified") is True or finish < begin:
        finish = begin
    original = event.get("originalStartTime")
    return Meeting(
        key=meeting_key(calendar, number),
        uid=clean(_text(event.get("iCalUID")), _UID) or number,
        original_start=write_original(_moment(original)) if original else "",
        start=begin,
        end=finish,
        all_day=all_day,
        cancelled=cancelled,
        ordinary=_text(event.get("eventType", "default")) in _ORDINARY,
        away=event.get("eventType") == _AWAY,
        organizer=_address(event.get("organizer")),
        creator=_address(event.get("creator")),
        attendees=tuple(_attendees(event.get("attendees"))),
        attendees_known=event.get("attendeesOmitted") is not True,
        title=clean(_text(event.get("summary")), _TITLE),
        sequence=_number(event.get("sequence")),
        updated_at=_instant(event.get("updated")),
    )


def event_id(event: Mapping[str, Any]) -> str:
    """Return the id of an entry.

    Raises:
        ValueError: it has none.
    """
    number = event.get("id")
    if not isinstance(number, str) or not 0 < len(number) <= _ID or not number.isprintable():
        raise ValueError("an entry without an id")
    return number


def meeting_key(calendar: str, number: str) -> str:
    """Return the name of an entry within its account."""
    return f"{calendar}/{number}"


def _moment(told: object) -> Moment:
    if not isinstance(told, Mapping):
        raise ValueError("an entry without a time")  # noqa: TRY004 -- what it is told as
    if isinstance(at := told.get("dateTime"), str):
        moment = datetime.fromisoformat(at)
        # Google always tells the offset; without one it would be a time of no certain zone.
        return moment if moment.tzinfo is None else moment.astimezone(UTC)
    if isinstance(day := told.get("date"), str):
        return date.fromisoformat(day)
    raise ValueError("an entry without a time")


def _instant(told: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
        return None if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _attendees(told: object) -> list[Attendee]:
    found = []
    for one in told[:_ATTENDEES] if isinstance(told, list) else ():
        address = _address(one)
        if address is not None:
            answer = _ANSWERS.get(_text(one.get("responseStatus")), Answer.NONE)
            found.append(Attendee(address, answer, one.get("resource") is True))
    return found


def _address(told: object) -> Address | None:
    if not isinstance(told, Mapping):
        return None
    email = clean_address(clean(_text(told.get("email")), 400).encode("utf-8").decode("latin-1"))
    return Address(email, clean(_text(told.get("displayName")))) if email else None


def _text(told: object) -> str:
    return told if isinstance(told, str) else ""


def _number(told: object) -> int:
    return told if isinstance(told, int) and 0 <= told < 1 << 31 else 0


def ended_before(meeting: Meeting, since: datetime | None) -> bool:
    """Say whether a meeting was over at `since`; one of no certain zone only if it was so everywhere."""
    if since is None:
        return False
    end = meeting.end if meeting.end.tzinfo is not None else meeting.end.replace(tzinfo=UTC) + timedelta(days=1)
    return end < since
