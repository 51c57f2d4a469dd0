"""Cursors: whatever arrives, moves or is killed in between, each message is told at least once."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from connectors.errors import CursorExpired
from connectors.files import jobs
from connectors.files.cursor import Box, Seen, State, UnderWay, read_cursor, write_cursor
from connectors.packing import hash_word
from connectors.types import Batch, Mail
from tests.connectors.files.disk import box_mail, ids, maildir, mails, put, read, source


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make pieces and batches so small that a few messages are many of them."""
    monkeypatch.setattr(jobs, "_PIECE_MESSAGES", 2)
    monkeypatch.setattr("connectors.files.mail._BATCH", 2)


def test_newest_mail_comes_first(tmp_path: Path, small: None) -> None:
    box = maildir(tmp_path)
    for number in range(1, 10):
        put(box, f"160000000{number}.a:2,S")
    assert [mail.message_id for mail in mails(read(source(box)))] == [
        f"160000000{number}.a" for number in range(9, 0, -1)
    ]


def test_a_killed_first_read_goes_on_without_reading_twice(tmp_path: Path, small: None) -> None:
    box = maildir(tmp_path)
    for number in range(20):
        put(box, f"16000000{number:02}.a:2,S")
    batches = read(source(box))
    assert len(batches) > 9
    for number, batch in enumerate(batches):
        before, after = ids(batches[: number + 1]), ids(read(source(box), batch.cursor))
        assert sorted(before + after) == [f"16000000{one:02}.a" for one in range(20)]


def test_mail_that_arrives_between_kill_and_resume_is_told_and_the_rest_not_again(tmp_path: Path, small: None) -> None:
    box = maildir(tmp_path)
    for number in range(10, 20):
        put(box, f"16000000{number}.a:2,S")
    cursor = read(source(box))[2].cursor
    put(box, "1600000099.new", part="new")
    put(box, "1600000001.old:2,S")
    told = ids(read(source(box), cursor))
    assert {"1600000099.new", "1600000001.old"} <= set(told)
    assert "1600000019.a" not in told


def test_a_stretch_that_changed_under_a_killed_read_is_read_again(tmp_path: Path, small: None) -> None:
    box = maildir(tmp_path)
    for number in range(10, 20):
        put(box, f"16000000{number}.a:2,S")
    cursor = read(source(box))[2].cursor
    put(box, "1600000018.between:2,S")
    assert len(read(source(box), cursor)) > 0
    assert "1600000018.between" in ids(read(source(box), cursor))


def test_cursors_of_a_first_read_do_not_grow_with_what_was_read(tmp_path: Path, small: None) -> None:
    box = maildir(tmp_path)
    for number in range(400):
        put(box, f"1600000{number:03}.a:2,S")
    lengths = [len(batch.cursor) for batch in read(source(box))][:-1]
    assert max(lengths) < min(lengths) + 40


def test_deleting_mail_tells_nothing(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    first_path = put(box, "1.a:2,S")
    put(box, "2.b:2,S")
    first = read(source(box))
    first_path.unlink()
    assert ids(read(source(box), first[-1].cursor)) == []


def test_a_folder_that_changes_its_key_is_read_again(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    put(box, "1.a:2,S")
    from connectors.files.folders import Root
    from connectors.files.mail import MailSource

    cursor = read(MailSource([Root("received", box, False)]))[-1].cursor
    (mail,) = mails(read(MailSource([Root("sent", box, True)]), cursor))
    assert mail.in_sent is True


def test_a_mail_without_any_time_is_told_whatever_since_says(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    put(box, "a:2,S")
    put(box, "1500000000.b:2,S")
    put(box, "1600000000.c:2,S", content=b"Date: Thu, 1 Jan 1970 00:00:00 +0000\nMessage-ID: <c>\n\n")
    assert ids(read(source(box), since=datetime(2020, 1, 1, tzinfo=UTC))) == ["a", "c"]


def test_problems_are_told_but_not_without_end(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    for number in range(60):
        put(box, f"{number}.junk:2,S", content=b"\x00\x01")
    told = [problem for batch in read(source(box)) for problem in batch.problems]
    assert len(told) == 21
    assert told[-1] == "40 more messages or files could not be read."


@pytest.mark.parametrize(
    "states",
    [
        {},
        {"sent:/a": Seen.of({3, 1, 2**64 - 1})},
        {"mail:/b": UnderWay("b", "a", 2, 2**64 - 1), "mail:/c": Box(10, "ab", 5), "mail:/\udcff": Seen.of(())},
    ],
)
def test_a_cursor_is_ascii_text_and_read_back(states: dict[str, State]) -> None:
    text = write_cursor(states)
    assert text.isascii()
    assert read_cursor(text) == states


@pytest.mark.parametrize(
    "state",
    [
        '["seen"]',
        '["seen", 5]',
        '["box", 1, "x", 5]',
        '["box", "1", "x", 5]',
        '["under way", 1, 2, 3, 4, ""]',
        '["x"]',
        "[]",
        "5",
    ],
)
def test_a_damaged_cursor_has_expired(state: str) -> None:
    with pytest.raises(CursorExpired):
        read_cursor(f'{{"folders, 1": {{"sent:/x": {state}}}}}')


def test_hashes_of_names_tell_them_apart() -> None:
    assert len({hash_word(f"1600000{number:04}.a") for number in range(9999)}) == 9999


class Archive(RuleBasedStateMachine):
    """A Maildir and an mbox that are written to, renamed, read and killed in any order."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = Path(tempfile.mkdtemp())
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(jobs, "_PIECE_MESSAGES", 2)
        self.patch.setattr(jobs, "STRETCH", 300)
        self.patch.setattr("connectors.files.mail._BATCH", 2)
        self.maildir, self.box = maildir(self.folder / "md"), self.folder / "box"
        self.box.touch()
        self.cursor: str | None = None
        self.there: set[str] = set()  # arrived, and not deleted since
        self.told: set[str] = set()
        self.number = 0

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.folder)

    def _read(self, most: int | None) -> None:
        batches: list[Batch[Mail]] = []
        for batch in source(self.maildir, self.box).changes(self.cursor, None):
            batches.append(batch)
            self.cursor = batch.cursor
            if len(batches) == most:
                break
        self.told |= set(ids(batches))

    @rule(prefix=st.integers(1600000000, 1600000030), new=st.booleans(), count=st.integers(1, 5))
    def arrive(self, prefix: int, new: bool, count: int) -> None:
        for _ in range(count):
            self.number += 1
            name = f"{prefix}.{self.number}"
            put(self.maildir, name if new else f"{name}:2,S", part="new" if new else "cur")
            self.there.add(name)

    @rule(count=st.integers(1, 5))
    def append(self, count: int) -> None:
        for _ in range(count):
            self.number += 1
            with self.box.open("ab") as box:
                box.write(box_mail(f"box.{self.number}"))
            self.there.add(f"box.{self.number}")

    @precondition(lambda self: any((self.maildir / "cur").iterdir()))
    @rule(data=st.data(), flags=st.sampled_from(["", "F", "RS"]))
    def flag(self, data: st.DataObject, flags: str) -> None:
        path = data.draw(st.sampled_from(sorted((self.maildir / "cur").iterdir())))
        path.rename(path.with_name(f"{path.name.partition(':')[0]}:2,{flags}"))

    @precondition(lambda self: any((self.maildir / "new").iterdir()))
    @rule()
    def see(self) -> None:
        for path in (self.maildir / "new").iterdir():
            path.rename(self.maildir / "cur" / f"{path.name}:2,S")

    @precondition(lambda self: any((self.maildir / "cur").iterdir()))
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted((self.maildir / "cur").iterdir())))
        self.there.discard(path.name.partition(":")[0])
        path.unlink()

    @rule(most=st.integers(1, 6))
    def read_and_be_killed(self, most: int) -> None:
        self._read(most)

    @rule()
    def read_to_the_end(self) -> None:
        self._read(None)
        assert self.there <= self.told

    @invariant()
    def the_cursor_is_text(self) -> None:
        assert self.cursor is None or self.cursor.isascii()


Archive.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestArchive = Archive.TestCase
