"""Mail folders for tests."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from connectors.files.folders import Root
from connectors.files.mail import MailSource
from connectors.types import Batch, Mail


def maildir(folder: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    return folder


def put(folder: Path, name: str, *, part: str = "cur", content: bytes | None = None) -> Path:
    """Put a mail into a Maildir whose Message-ID is the base name of `name`."""
    path = folder / part / name
    base = name.partition(":")[0]
    path.write_bytes(f"From: anna@example.org\nMessage-ID: <{base}>\n\nHi\n".encode() if content is None else content)
    return path


def box_mail(message_id: str, *, start: str = "From a@example.org Tue Mar  1 10:00:00 2022", body: str = "Hi") -> bytes:
    return f"{start}\nFrom: anna@example.org\nMessage-ID: <{message_id}>\n\n{body}\n\n".encode()


def source(*paths: Path, in_sent: bool | None = None, left_out: Sequence[Path] = ()) -> MailSource:
    return MailSource([Root("mail", path, in_sent) for path in paths], left_out)


def read(one: MailSource, cursor: str | None = None, since: datetime | None = None) -> list[Batch[Mail]]:
    return list(one.changes(cursor, since))


def mails(batches: Sequence[Batch[Mail]]) -> list[Mail]:
    return [mail for batch in batches for mail in batch.items]


def ids(batches: Sequence[Batch[Mail]]) -> list[str]:
    return sorted(mail.message_id for mail in mails(batches))


def told(*paths: Path) -> list[str]:
    return ids(read(source(*paths)))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` with its content."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
