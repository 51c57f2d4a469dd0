import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import CursorExpired, Unavailable
from connectors.files.calendar import CalendarSource
from connectors.types import Batch, Meeting
from tests.connectors.calendars import NOW, calendar, event


@dataclass
class Reader:
    """A caller that keeps what it is told, as the daemon does."""

    paths: Sequence[Path]
    now: datetime = NOW
    cursor: str | None = None
    since: datetime | None = None
    known: dict[str, Meeting] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def look(self, batches: int | None = None) -> list[Batch[Meeting]]:
        """Store the first `batches` batches (None: all)."""
        stored = []
        for batch in CalendarSource(self.paths, lambda: self.now).changes(self.cursor, self.since):
            for key in batch.removed:
                del self.known[key]
            self.known |= {meeting.key: meeting for meeting in batch.items}
            self.cursor = batch.cursor
            self.problems += batch.problems
            stored.append(batch)
            if len(stored) == batches:
                break
        return stored

    def uids(self) -> list[str]:
        return sorted({meeting.uid for meeting in self.known.values()})

    def titles(self) -> list[str]:
        return sorted(meeting.title for meeting in self.known.values())


def plain(uid: str, day: int = 1, *lines: str) -> str:
    return event(f"DTSTART:202601{day:02}T100000Z", f"SUMMARY:{uid}", *lines, uid=uid)


def many(count: int, start: int = 0) -> list[str]:
    return [plain(f"uid {number}", number % 28 + 1) for number in range(start, start + count)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "calendar.ics"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "calendars"
    (folder / "home").mkdir(parents=True)
    return folder


def test_unchanged_files_say_nothing_and_the_cursor_stays_byte_equal(file: Path) -> None:
    file.write_bytes(calendar(*many(30), event("DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY", uid="s")))
    reader = Reader([file])
    reader.look()
    cursor = reader.cursor
    (batch,) = reader.look()
    assert (batch.items, batch.removed, batch.problems, batch.cursor) == ((), (), (), cursor)


def test_a_changed_file_tells_what_is_new_and_what_is_gone(file: Path) -> None:
    file.write_bytes(calendar(*many(20)))
    reader = Reader([file])
    reader.look()
    file.write_bytes(calendar(*many(20, 1)))
    batches = reader.look()
    assert sum(len(batch.removed) for batch in batches) == 1
    assert reader.uids() == sorted(f"uid {number}" for number in range(1, 21))


def test_a_large_file_comes_in_batches_that_measure_the_way(file: Path) -> None:
    file.write_bytes(calendar(*many(1200)))
    batches = Reader([file]).look()
    assert [len(batch.items) for batch in batches] == [500, 500, 200]
    assert [(batch.done, batch.total) for batch in batches] == [(500, 1200), (1000, 1200), (1200, 1200)]


@pytest.mark.parametrize("stop", [1, 2])
def test_a_read_that_stops_midway_misses_nothing_later(file: Path, stop: int) -> None:
    file.write_bytes(calendar(*many(1200)))
    reader = Reader([file])
    reader.look(stop)
    file.write_bytes(calendar(*many(1200, 400)))
    reader.look()
    assert reader.uids() == sorted(f"uid {number}" for number in range(400, 1600))


def test_a_folder_is_searched_for_calendar_files_and_nothing_else(folder: Path) -> None:
    for name in ("a.ics", "home/b.ICS", "home/c.ical", "d.ifb", "e.txt", ".hidden.ics", "home/.cache/f.ics"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(calendar(plain(path.name)))
    reader = Reader([folder])
    reader.look()
    assert reader.uids() == ["a.ics", "b.ICS", "c.ical"]


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    path = folder / "a.ics"
    path.write_bytes(calendar(plain("a")))
    (folder / "link.ics").symlink_to(path)
    reader = Reader([folder, path])
    reader.look()
    assert len(reader.known) == 1


def test_a_file_deleted_from_a_folder_takes_its_meetings_along(folder: Path) -> None:
    for number in range(12):
        (folder / f"{number}.ics").write_bytes(calendar(plain(f"uid {number}")))
    reader = Reader([folder])
    reader.look()
    (folder / "3.ics").unlink()
    reader.look()
    assert len(reader.known) == 11
    assert "uid 3" not in reader.uids()


def test_a_path_taken_out_of_the_config_takes_its_meetings_along(file: Path, folder: Path) -> None:
    file.write_bytes(calendar(plain("a")))
    (folder / "b.ics").write_bytes(calendar(plain("b")))
    reader = Reader([file, folder])
    reader.look()
    reader.paths = [folder]
    reader.look()
    assert reader.uids() == ["b"]


def test_a_vanished_path_is_unavailable_after_the_others_are_read_and_its_meetings_stay(
    file: Path, folder: Path
) -> None:
    file.write_bytes(calendar(plain("a")))
    (folder / "b.ics").write_bytes(calendar(plain("b")))
    reader = Reader([file, folder])
    reader.look()
    file.unlink()
    (folder / "c.ics").write_bytes(calendar(plain("c")))
    with pytest.raises(
        Unavailable, match=r"calendar\.ics cannot be read \(no such file or directory\): check the path"
    ):
        reader.look()
    assert reader.uids() == ["a", "b", "c"]


def test_a_folder_that_is_missing_or_suddenly_bare_takes_nothing_away(folder: Path) -> None:
    (folder / "a.ics").write_bytes(calendar(*many(10)))
    reader = Reader([folder])
    reader.look()
    (folder / "a.ics").unlink()
    with pytest.raises(Unavailable, match="suddenly empty"):
        reader.look()
    (folder / "home").rmdir()
    folder.rmdir()
    with pytest.raises(Unavailable, match="cannot be read"):
        reader.look()
    assert len(reader.known) == 10


@pytest.mark.parametrize("content", [calendar(), b"", b"<html>Sign in</html>", calendar()[:40]])
def test_a_calendar_that_suddenly_holds_nothing_is_not_believed(file: Path, content: bytes) -> None:
    file.write_bytes(calendar(*many(10)))
    reader = Reader([file])
    reader.look()
    file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"calendar\.ics"):
            reader.look()
    assert len(reader.known) == 10
    file.write_bytes(calendar(*many(11)))
    reader.look()
    assert len(reader.known) == 11


def test_a_file_cut_in_half_takes_nothing_away_until_it_is_whole_again(file: Path) -> None:
    data = calendar(*many(20))
    file.write_bytes(data)
    reader = Reader([file])
    reader.look()
    file.write_bytes(data[: len(data) // 2])
    reader.look()
    assert len(reader.known) == 20
    assert any("is cut off" in problem for problem in reader.problems)
    file.write_bytes(calendar(*many(15)))
    reader.look()
    assert len(reader.known) == 15


def test_junk_in_a_folder_is_a_problem_told_once(folder: Path) -> None:
    (folder / "a.ics").write_bytes(calendar(plain("a")))
    (folder / "junk.ics").write_bytes(os.urandom(2000))
    reader = Reader([folder])
    reader.look()
    reader.look()
    assert reader.uids() == ["a"]
    assert reader.problems == [f"{folder}/junk.ics is no calendar: no BEGIN:VCALENDAR in it; it was left out"]


def test_a_pipe_is_not_waited_for(file: Path, folder: Path) -> None:
    os.mkfifo(file)
    os.mkfifo(folder / "pipe.ics")
    with pytest.raises(Unavailable, match="no ordinary file"):
        Reader([file, folder]).look()


def test_a_series_goes_on_for_ever_though_its_file_never_changes(file: Path) -> None:
    file.write_bytes(calendar(event("DTSTART:20260101T100000Z", "RRULE:FREQ=WEEKLY", uid="s")))
    reader = Reader([file])
    reader.look()
    for _ in range(40):
        reader.now += timedelta(days=30)
        reader.look()
        assert max(meeting.start for meeting in reader.known.values()) > reader.now + timedelta(days=360)
    assert min(meeting.start for meeting in reader.known.values()).year == 2026


def test_what_was_told_stays_told_while_since_moves_on(file: Path) -> None:
    file.write_bytes(calendar(*many(10)))
    reader = Reader([file], since=datetime(2026, 1, 5, tzinfo=NOW.tzinfo))
    reader.look()
    assert len(reader.known) == 6
    reader.since = datetime(2026, 1, 8, tzinfo=NOW.tzinfo)
    file.write_bytes(calendar(*many(11)))
    reader.look()
    assert len(reader.known) == 7
    reader.since = None
    reader.look()
    assert len(reader.known) == 11


def test_two_files_with_one_entry_tell_the_newer_version_and_the_older_again_when_that_is_gone(folder: Path) -> None:
    """Rule: else the higher SEQUENCE, else the later change."""
    old, new = folder / "old.ics", folder / "new.ics"
    old.write_bytes(calendar(event("DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:old")))
    reader = Reader([folder])
    reader.look()
    new.write_bytes(
        calendar(event("DTSTART:20260106T100000Z", "RRULE:FREQ=WEEKLY;COUNT=2", "SUMMARY:new", "SEQUENCE:1"))
    )
    reader.look()
    assert reader.titles() == ["new"] * 2
    new.unlink()
    reader.look()
    assert reader.titles() == ["old"] * 3


def test_a_cancellation_in_a_file_of_its_own_cancels_the_series(folder: Path) -> None:
    (folder / "invited.ics").write_bytes(calendar(plain("a", 5, "RRULE:FREQ=WEEKLY;COUNT=3"), method="REQUEST"))
    reader = Reader([folder])
    reader.look()
    (folder / "off.ics").write_bytes(calendar(plain("a", 5, "SEQUENCE:1"), method="CANCEL"))
    reader.look()
    assert [meeting.cancelled for meeting in reader.known.values()] == [True] * 3


@pytest.mark.parametrize(
    "cursor", ["", "{}", "[]", '[2,"",{}]', '[1,"",{"a":[]}]', '[1,"",{"a":[1,2,3,4]}]', '[1,"x",{}]']
)
def test_a_damaged_cursor_means_starting_again(file: Path, cursor: str) -> None:
    file.write_bytes(calendar(plain("a")))
    with pytest.raises(CursorExpired):
        Reader([file], cursor=cursor).look()


def test_check_says_of_each_path_what_is_wrong(file: Path, folder: Path, tmp_path: Path) -> None:
    file.write_bytes(calendar(plain("a")))
    junk = tmp_path / "junk.ics"
    junk.write_bytes(b"junk")
    source = CalendarSource([file, folder, junk, tmp_path, tmp_path / "missing.ics"], lambda: NOW)
    findings = list(source.check())
    assert [finding.result for finding in findings] == ["ok", "warn", "fail", "warn", "fail"]
    assert all(finding.fix for finding in findings[1:])
    assert findings[0].detail == "1 calendar file"


def test_a_meeting_has_the_same_key_at_every_read(file: Path) -> None:
    file.write_bytes(calendar(*many(3), event("DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;COUNT=3", uid="s")))
    first, second = Reader([file]), Reader([file])
    first.look()
    second.look()
    assert first.known == second.known
    assert len(first.known) == 6


def test_the_calendar_libraries_are_not_imported_before_a_calendar_is_read() -> None:
    libraries = "{'icalendar', 'dateutil', 'recurring_ical_events'}"
    code = f"import sys, connectors.files.calendar; print({libraries} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
