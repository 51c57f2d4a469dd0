"""The mailboxes that are measured, made once and kept in .bench/ for the next run."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from tests.bench import mailbox_maker
from tests.bench.mailbox_maker import make_maildir, make_mbox

Form = Literal["maildir", "mbox"]

CACHE: Final = Path(__file__).parents[2] / ".bench"
NOW: Final = mailbox_maker.END.isoformat()


@dataclass(frozen=True, slots=True)
class Archive:
    """A generated mailbox of so many `mails` with so many `people`, and a config that reads it.

    `path` is a folder with the Maildirs Sent and INBOX, or an mbox file.
    """

    form: Form
    mails: int
    people: int
    path: Path
    config: Path


def archive(form: Form, mails: int, people: int) -> Archive:
    """Return the archive, made now if it is not in the cache."""
    # What the maker's own text is, its mails are: another maker, another archive.
    maker = sha256(Path(mailbox_maker.__file__).read_bytes()).hexdigest()[:12]
    folder = CACHE / f"{form}-{mails}-{people}"
    result = Archive(
        form, mails, people, folder / ("Mail" if form == "maildir" else "All.mbox"), folder / "config.toml"
    )
    stamp = folder / "made-by"
    if not stamp.exists() or stamp.read_text("utf-8") != maker:
        print(f"making {mails:,} mails ({form}) …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make: Callable[..., None] = make_maildir if form == "maildir" else make_mbox
        make(result.path, mails, people=people)
        result.config.write_text(_config(result), "utf-8")
        stamp.write_text(maker, "utf-8")
    return result


def _config(made: Archive) -> str:
    paths = (
        'sent = ["Mail/Sent"]\nreceived = ["Mail/INBOX"]' if made.form == "maildir" else f'mail = ["{made.path.name}"]'
    )
    return (
        f'[me]\nname = "Robin Park"\nemails = {json.dumps(["robin@example.com"])}\ntimezone = "Europe/Amsterdam"\n\n'
        f'[[accounts]]\nname = "archive"\nkind = "files"\n{paths}\ndrafts = "Drafts"\n'
    )


def warm(made: Archive) -> None:
    """Read all of it, so that the disk's speed is not what is measured."""
    files = [made.path] if made.path.is_file() else [path for path in made.path.rglob("*") if path.is_file()]
    for path in files:
        with path.open("rb", buffering=0) as stream:
            while stream.read(1 << 20):
                pass
