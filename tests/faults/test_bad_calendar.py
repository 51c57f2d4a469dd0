"""Calendars as bad as they come: what can be read is read, within seconds, and the rest is named."""

from collections.abc import Callable

import pytest

from tests.faults.world import World

START = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
END = "END:VCALENDAR\r\n"


def event(more: str = "", uid: str = "u1", start: str = "20261101T100000Z", end: str = "20261101T110000Z") -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:{start}\r\nDTEND:{end}\r\nORGANIZER:mailto:robin@example.com\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org\r\nSUMMARY:Tea\r\n{more}END:VEVENT\r\n"
    )


TEA = event(uid="tea", start="20261102T100000Z", end="20261102T110000Z")
GARBAGE = ("x" * 79 + "\n") * 65_000  # 5 MB
HOSTILE: dict[str, Callable[[], str]] = {
    "garbage lines": lambda: GARBAGE,
    "one endless line": lambda: "X" * 5_000_000,
    "one endlessly folded line": lambda: event("DESCRIPTION:a\r\n" + " b\r\n" * 300_000),
    "every second": lambda: event("RRULE:FREQ=SECONDLY\r\n"),
    "every minute since 1970": lambda: event(
        "RRULE:FREQ=MINUTELY\r\n", start="19700101T000000Z", end="19700101T000100Z"
    ),
    "a day there is not": lambda: event("RRULE:FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2\r\n"),
    "steps of nothing": lambda: event("RRULE:FREQ=DAILY;INTERVAL=0\r\n"),
    "a rule that is none": lambda: event("RRULE:\x1b[31m;;;=\r\n"),
    "the year 9999": lambda: event(start="99991231T235959Z", end="99991231T235959Z"),
    "a series from 9999": lambda: event("RRULE:FREQ=DAILY\r\n", start="99990101T000000Z", end="99990101T010000Z"),
    "the year 1": lambda: event(start="00010101T000000Z", end="00010101T000001Z"),
    "an endless meeting": lambda: event().replace("DTEND:20261101T110000Z", "DURATION:P9999999999W"),
    "events within events": lambda: "BEGIN:VEVENT\r\n" * 20_000,
    "calendars within calendars": lambda: START * 5000 + END * 5000,
    "50,000 guests": lambda: event("".join(f"ATTENDEE:mailto:p{one}@example.net\r\n" for one in range(50_000))),
    "50,000 exceptions": lambda: event("RRULE:FREQ=DAILY;COUNT=9\r\n" + "EXDATE:20261103T100000Z\r\n" * 50_000),
    "50,000 dates": lambda: event("RDATE:" + ",".join(["20100101T100000Z"] * 50_000) + "\r\n"),
    "a zone that cannot be": lambda: (
        "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
        "TZOFFSETFROM:+9999\r\nTZOFFSETTO:-9999\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        + event().replace("DTSTART:", "DTSTART;TZID=X:").replace("00Z", "00")
    ),
    "a zone from elsewhere": lambda: (
        event().replace("DTSTART:", "DTSTART;TZID=../../../etc/passwd:").replace("00Z", "00")
    ),
    "escapes": lambda: event().replace("Tea", "\x1b]0;x\x07\u202eTea\x9b\\n\\nBcc: x"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_one_bad_event_is_no_obstacle_to_the_others(world: World, name: str) -> None:
    world.befriend("Ana Lima", account='calendar = "calendar.ics"')
    (world.home / "calendar.ics").write_text(START + TEA + HOSTILE[name]() + END)
    world.run("sync")
    world.run("check")
    dates = {one["at"] for one in world.run("why", "ana", "--json", "--limit", "9999").json["counted"]}
    assert "2026-11-02T11:00:00Z" in dates
    assert not any(one.startswith("9") for one in dates)
    world.run("why", "ana")
    world.run("draft", "ana")


def test_five_megabytes_of_garbage_are_named_and_mail_is_read(world: World) -> None:
    world.befriend("Ana Lima", account='calendar = "calendar.ics"')
    (world.home / "calendar.ics").write_text(GARBAGE)
    told = world.run("sync", code=69).err
    assert "3 new mails" in told
    assert "calendar.ics is no calendar" in told


def test_a_calendar_cut_off_or_emptied_takes_nothing_away(world: World) -> None:
    world.befriend("Ana Lima", account='calendar = "calendar.ics"')
    file = world.home / "calendar.ics"
    many = "".join(
        event(uid=f"u{day}", start=f"202610{day}T100000Z", end=f"202610{day}T110000Z") for day in range(10, 30)
    )
    file.write_text(START + many + END)
    world.run("sync")
    days = world.people()["ana@example.org"]["contact_days"]
    for content in ("", START + END, (START + many)[:2000], "\0" * 5000):
        file.write_text(content)
        world.run("sync", code=(0, 69))
        assert world.people()["ana@example.org"]["contact_days"] == days
    file.unlink()
    assert "calendar.ics" in world.run("sync", code=69).err
    assert world.people()["ana@example.org"]["contact_days"] == days
