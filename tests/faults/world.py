"""A small world for auld to live in: mail folders, a config, and the program as a user runs it."""

import io
import json
import os
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zlib import crc32

from daemon.cli import main

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday, when drafts are written
ROBIN = "Robin Park <robin@example.com>"
_PATIENCE = 30
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def mail(
    sender: str = ROBIN,
    to: str = "Ana Lima <ana@example.org>",
    *,
    days: float = 200,
    subject: str = "The sea",
    key: str | None = None,
    more: str = "",
) -> bytes:
    """Return a message `days` before NOW. Surrogates of `surrogateescape` become the bytes they stand for."""
    at = NOW - timedelta(days=days)
    made = crc32(repr((sender, to, days, subject)).encode())
    key = f"{made:08x}@example.com" if key is None else key
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {format_datetime(at)}\n"
    head += f"Message-ID: <{key}>\n" if key else ""
    return f"{head}{more}\nHello.\n".encode("utf-8", "surrogateescape")


def maildir(folder: Path) -> Path:
    """Make an empty Maildir; return its cur/."""
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    return folder / "cur"


def harmful(text: str) -> set[str]:
    """Return the characters of `text` that could do harm on a terminal: controls, bidi marks, half characters."""
    return {one for one in text.replace("\r\n", "\n") if one != "\n" and unicodedata.category(one) in _UNSEEN}


@dataclass(frozen=True)
class Result:
    """What a run of auld left: exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def all(self) -> str:
        return self.out + self.err


class World:
    """A home folder with mail in it, all its paths relative to the config."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.sent = maildir(home / "sent")
        self.inbox = maildir(home / "inbox")
        self.config = home / "config.toml"
        self.state = home / "state"
        self.drafts = home / "drafts"
        self._number = 0
        self.configure()

    def configure(self, extra: str = "", account: str = "", me: str = "") -> None:
        """Write the config: `extra` at its end, `account` inside the account's stanza, `me` inside [me]."""
        self.config.write_text(
            f'[me]\nname = "Robin Park"\nemails = ["robin@example.com"]\ntimezone = "Europe/Amsterdam"\n{me}\n'
            '[[accounts]]\nname = "archive"\nkind = "files"\nsent = "sent"\nreceived = "inbox"\ndrafts = "drafts"\n'
            f"{account}\n{extra}\n",
            encoding="utf-8",
        )

    def put(self, *messages: bytes, folder: Path | None = None) -> None:
        """Lay messages into a Maildir's cur/; into that of sent mail if none is named."""
        for message in messages:
            self._number += 1
            ((folder or self.sent) / f"m{self._number}.example:2,S").write_bytes(message)

    def befriend(self, *names: str, account: str = "", me: str = "") -> None:
        """Let there be people who are listed, and due: last written to 200 days ago, and once they answered."""
        stanzas = []
        for name in names:
            email = f"{name.split()[0].lower()}@example.org"
            who = f"{name} <{email}>"
            self.put(mail(to=who, days=200), mail(to=who, days=300))
            self.put(mail(who, ROBIN, days=250), folder=self.inbox)
            stanzas.append(f'[[people]]\nname = "{name}"\nemails = ["{email}"]\nevery = "1 month"\n')
        self.configure("\n".join(stanzas), account, me)

    def words(self, *words: str, now: datetime | str = NOW) -> list[str]:
        """Return a command line for this world."""
        moment = now if isinstance(now, str) else now.isoformat()
        return ["--config", str(self.config), "--state", str(self.state), "--now", moment, *words]

    def run(self, *words: str, code: int | Sequence[int] = 0, now: datetime | str = NOW) -> Result:
        """Run auld in this process; its exit code must be (one of) `code`."""
        raw = io.BytesIO(), io.BytesIO()
        out, err = (io.TextIOWrapper(stream, "utf-8", write_through=True) for stream in raw)
        kept = sys.stdin, sys.stdout, sys.stderr
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(), out, err
        ended: object = None
        try:
            with _in_time(), patch.dict(os.environ, {"COLUMNS": "120"}):
                main(self.words(*words, now=now))
        except SystemExit as end:
            ended = end.code
        finally:
            sys.stdin, sys.stdout, sys.stderr = kept
        texts = [_text(stream.getvalue()) for stream in raw]
        assert isinstance(ended, int)
        return _judged(Result(ended, *texts), code)

    def spawn(
        self,
        *words: str,
        code: int | Sequence[int] = 0,
        env: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> Result:
        """Run auld in a process of its own; `before` is called there first."""
        done = subprocess.run(
            [*PROGRAM, *self.words(*words)], env=self.environment(env), capture_output=True, check=False,
            timeout=_PATIENCE, preexec_fn=before, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return _judged(Result(done.returncode, _text(done.stdout), _text(done.stderr)), code)

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return an environment in which nothing of this machine's user is seen."""
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",  # no half-written bytecode from where there is no room
            "PYTHONPATH": str(Path(__file__).parents[2]),
            **(more or {}),
        }

    def messages(self) -> list[bytes]:
        """Return the drafts that lie in the Drafts folder."""
        return [path.read_bytes() for part in ("cur", "new") for path in sorted((self.drafts / part).glob("*"))]

    def people(self) -> dict[str, dict[str, Any]]:
        """Return everybody by their first address."""
        return {one["emails"][0]: one for one in self.run("people", "--all", "--json").json if one["emails"]}


PROGRAM = [sys.executable, "-c", "from daemon.cli import main; main()"]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")  # other charsets may be asked for


def _judged(result: Result, code: int | Sequence[int]) -> Result:
    """Hold what every run must hold: a code of meaning, a word of ours at most, nothing harmful on the terminal."""
    assert "Traceback" not in result.all, result.all[-3000:]
    assert "should not have" not in result.err, result.err
    assert "Exception ignored" not in result.err, result.err
    assert result.code in ([code] if isinstance(code, int) else code), (result.code, result.all)
    assert not harmful(result.all), harmful(result.all)
    return result


@contextmanager
def _in_time() -> Iterator[None]:
    """Let what hangs (a pipe opened for reading) fail."""

    def late(number: int, frame: object) -> None:
        raise TimeoutError(f"still at it after {_PATIENCE} s")

    old = signal.signal(signal.SIGALRM, late)
    signal.alarm(_PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)
