"""Mboxes are split where messages begin, whatever their dialect, and only what is new is read again."""

import mailbox
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files import jobs, mbox
from connectors.files.mbox import estimate_message_size, is_mbox, read_stretch
from tests.connectors.files.disk import box_mail, ids, mails, read, source, told

FROM = "From a@example.org Tue Mar  1 10:00:00 2022"


def _fill(box: "mailbox.mbox", bodies: list[list[str]]) -> None:
    for number, body in enumerate(bodies):
        box.add(f"{FROM}\nMessage-ID: <{number}@x>\nSubject: s\n\n{chr(10).join(body)}\n".encode())
    box.flush()


def write(path: Path, *content: bytes) -> Path:
    path.write_bytes(b"".join(content))
    return path


@settings(max_examples=40, deadline=None)
@given(
    bodies=st.lists(
        st.lists(st.sampled_from(["Hi", "", "From me", ">From x", "From: a", "x" * 300, "é"]), max_size=6), max_size=8
    ),
    stretch=st.integers(1, 700),
)
def test_well_formed_boxes_are_split_as_the_standard_library_splits_them(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[list[str]], stretch: int
) -> None:
    path = tmp_path_factory.mktemp("box") / "box"
    with closing(mailbox.mbox(path)) as box:
        _fill(box, bodies)
        expected = [str(message["Message-ID"]).strip("<>") for message in box]
    found = []
    size = path.stat().st_size
    for start in range(0, size, stretch):  # any stretch can be read by itself
        rows, last = read_stretch(str(path), start, min(size, start + stretch))
        found += [row[0] for row in rows if row is not None]
        assert last == min(size, start + stretch) if not rows else start <= last < start + stretch
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(content=st.lists(st.sampled_from([
    b"From ", b"From - ", b"\n", b"\r\n", b"Tue Mar  1 10:00:00 2022", b"A: b", b"\x00\xff", b"x" * 50, b">From a",
]), max_size=40).map(b"".join))  # fmt: skip
def test_no_bytes_make_a_box_raise(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = write(tmp_path_factory.mktemp("box") / "box", content)
    read_stretch(str(path), 0, len(content))
    is_mbox(content)


@pytest.mark.parametrize(
    "start",
    [
        FROM,
        "From MAILER-DAEMON Tue Mar 01 10:00:00 2022",
        "From 1729@xxx Tue Mar 01 10:00:00 +0000 2022",
        "From - Tue Mar 01 10:00:00 2022",
        "From - ",
        "From ",
        "From anna at example.org  Tue Mar  1 10:00:00 2022",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_dialect_of_from_lines_is_known(tmp_path: Path, start: str, end: str) -> None:
    content = (box_mail("1", start=start) + box_mail("2", start=start)).replace(b"\n", end.encode())
    assert told(write(tmp_path / "box", content)) == ["1", "2"]


@pytest.mark.parametrize(
    "line",
    ["From now on: nothing", "From 10:00 in 2022 we meet\nfor lunch", "From me to you, 2022", f"{FROM}\n\nSubject: x"],
)
def test_from_in_a_body_begins_no_message(tmp_path: Path, line: str) -> None:
    content = box_mail("1", body=f"Hi\n\n{line}\nMessage-ID is a word") + box_mail("2")
    assert told(write(tmp_path / "box", content)) == ["1", "2"]


def test_the_from_line_tells_when_a_mail_came(tmp_path: Path) -> None:
    (mail,) = mails(read(source(write(tmp_path / "box", box_mail("1")))))
    assert mail.received_at == datetime(2022, 3, 1, 10, tzinfo=UTC)


def test_an_empty_box_is_a_box(tmp_path: Path) -> None:
    assert told(write(tmp_path / "box")) == []


def test_a_box_cut_off_anywhere_gives_what_is_there_and_the_rest_later(tmp_path: Path) -> None:
    whole = box_mail("1") + box_mail("2") + box_mail("3")
    for cut in range(200, len(whole), 7):
        path = write(tmp_path / "box", whole[:cut])
        first = read(source(path))
        write(path, whole)
        assert set(ids(first) + ids(read(source(path), first[-1].cursor))) >= {"1", "2", "3"}


def test_a_grown_box_is_read_from_its_last_message_on(tmp_path: Path) -> None:
    path = write(tmp_path / "box", *(box_mail(str(number)) for number in range(100)))
    first = read(source(path))
    with path.open("ab") as box:
        box.write(box_mail("new"))
    again = read(source(path), first[-1].cursor)
    assert ids(again) == ["99", "new"]
    assert ids(read(source(path), again[-1].cursor)) == []


def test_a_box_that_was_rewritten_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "box", *(box_mail(str(number)) for number in range(10)))
    cursor = read(source(path))[-1].cursor
    write(path, *(box_mail(str(number)) for number in range(1, 14)))
    assert ids(read(source(path), cursor)) == sorted(str(number) for number in range(1, 14))
    write(path, box_mail("only"))
    assert ids(read(source(path), cursor)) == ["only"]


def test_marks_that_thunderbird_changes_in_place_are_nothing_new(tmp_path: Path) -> None:
    status = "From - Tue Mar 01 10:00:00 2022\nX-Mozilla-Status: {}\nX-Mozilla-Status2: 00000000"
    path = write(tmp_path / "box", box_mail("1"), box_mail("2", start=status.format("0000")))
    first = read(source(path))
    write(path, box_mail("1"), box_mail("2", start=status.format("0001")))
    again = read(source(path), first[-1].cursor)
    assert (ids(again), again[-1].cursor) == ([], first[-1].cursor)


def test_a_mail_that_thunderbird_deleted_is_left_out(tmp_path: Path) -> None:
    gone = box_mail("2", start="From - Tue Mar 01 10:00:00 2022\nX-Mozilla-Status: 0009")
    assert told(write(tmp_path / "box", box_mail("1"), gone)) == ["1"]


def test_a_long_message_across_stretches_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "STRETCH", 500)
    monkeypatch.setattr(mbox, "_LOOK_AHEAD", 100)
    calendar = "--b\nContent-Type: text/calendar; method=REQUEST\n\nx\n--b--"
    typed = f"{FROM}\nContent-Type: multipart/mixed; boundary=b"
    path = write(
        tmp_path / "box", box_mail("1", start=typed, body="x\n" * 3000 + calendar), box_mail("2"), box_mail("3")
    )
    told_mails = mails(read(source(path)))
    assert [(mail.message_id, bool(mail.marks)) for mail in told_mails] == [("1", True), ("2", False), ("3", False)]


def test_a_box_killed_at_any_batch_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "STRETCH", 400)
    monkeypatch.setattr("connectors.files.mail._BATCH", 1)
    path = write(tmp_path / "box", *(box_mail(str(number)) for number in range(30)))
    batches = read(source(path))
    for number, batch in enumerate(batches):
        rest = read(source(path), batch.cursor)
        assert set(ids(batches[: number + 1]) + ids(rest)) == {str(number) for number in range(30)}
        assert len(mails(rest)) <= 30 - len(mails(batches[: number + 1])) + 6


def test_the_mean_size_of_messages_is_guessed_from_the_start(tmp_path: Path) -> None:
    path = write(tmp_path / "box", *(box_mail(str(number), body="x" * 1000) for number in range(100)))
    assert 1000 < estimate_message_size(str(path)) < 1200
