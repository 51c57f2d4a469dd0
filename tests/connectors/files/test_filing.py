"""Times in file names and From_ lines: believed as arrival, unless most of the folder says they are of a copy."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.files.filing import SAMPLE, spread
from tests.connectors.files.disk import maildir, mails, put, read, source

COPIED = datetime(2026, 10, 1, 12, tzinfo=UTC)


def letter(at: datetime, more: str = "") -> bytes:
    date = f"{at:%a, %d %b %Y %H:%M:%S} +0000"
    return f"{more}From: robin@example.com\nTo: ana@example.org\nDate: {date}\nSubject: x\n\nHi\n".encode()


def arrivals(path: Path) -> list[datetime | None]:
    return [mail.received_at for mail in mails(read(source(path, in_sent=True)))]


def copied_maildir(folder: Path, number: int) -> Path:
    """Make a Maildir of `number` old mails whose names all are of the day of the copy."""
    box = maildir(folder)
    for one in range(number):
        put(box, f"{int(COPIED.timestamp()) + one}.{one}.host:2,S", content=letter(COPIED - timedelta(days=30 + one)))
    return box


def test_names_of_the_day_of_a_copy_do_not_tell_when_mail_was(tmp_path: Path) -> None:
    assert arrivals(copied_maildir(tmp_path, 10)) == [None] * 10


def test_one_odd_mail_among_others_proves_nothing(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    for one in range(9):
        at = COPIED - timedelta(days=one)
        put(box, f"{int(at.timestamp())}.{one}.host:2,S", content=letter(at))
    put(box, f"{int(COPIED.timestamp())}.odd.host:2,S", content=letter(COPIED - timedelta(days=400)))
    assert None not in arrivals(box)


def test_one_or_two_mails_prove_nothing(tmp_path: Path) -> None:
    assert None not in arrivals(copied_maildir(tmp_path, 2))


def test_in_a_copied_folder_the_name_still_speaks_where_the_date_cannot(tmp_path: Path) -> None:
    box = copied_maildir(tmp_path, 10)
    put(
        box, f"{int(COPIED.timestamp())}.none.host:2,S", content=b"From: robin@example.com\nTo: ana@example.org\n\nHi\n"
    )
    put(box, f"{int(COPIED.timestamp())}.late.host:2,S", content=letter(COPIED + timedelta(days=20000)))
    put(box, f"{int(COPIED.timestamp())}.old.host:2,S", content=letter(datetime(1971, 1, 1, tzinfo=UTC)))
    assert [at for at in arrivals(box) if at is not None] == [COPIED] * 3


def test_a_received_field_speaks_whatever_the_names_say(tmp_path: Path) -> None:
    box = copied_maildir(tmp_path, 10)
    stamp = f"Received: by mx.example.net; {COPIED - timedelta(days=9):%a, %d %b %Y %H:%M:%S} +0000\n"
    put(box, f"{int(COPIED.timestamp())}.in.host:2,S", content=letter(COPIED - timedelta(days=9), stamp))
    assert [at for at in arrivals(box) if at is not None] == [COPIED - timedelta(days=9)]


@pytest.mark.parametrize(("copied", "told"), [(True, 0), (False, 8)])
def test_from_lines_of_a_copy_do_not_tell_either(tmp_path: Path, copied: bool, told: int) -> None:
    box = tmp_path / "Sent"
    text = b""
    for one in range(8):
        at = COPIED - timedelta(days=40 + one)
        line = COPIED if copied else at
        text += f"From - {line:%a %b %d %H:%M:%S %Y}\n".encode() + letter(at) + b"\n"
    box.write_bytes(text)
    # The last message of the box is not judged but read alike.
    assert sum(at is not None for at in arrivals(box)) == told


def test_a_sample_is_spread_over_all_and_small() -> None:
    many = spread(range(10_000))
    assert len(many) <= SAMPLE
    assert many[0] == 0
    assert many[-1] > 9_000
    assert list(spread([])) == []
