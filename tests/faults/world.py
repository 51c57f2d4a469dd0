"""A small world for auld to live in: mail folders, a config, and the program as a user runs it."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zlib import crc32

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday, when drafts are written
ROBIN = "Robin Park <robin@example.com>"
_ESCAPES = re.compile(r"\x1b")
_FRIENDLY = {"\n", "\t"}


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
    key = f"{crc32(repr((sender, to, days, subject)).encode()):08x}@example.com" if key is None else key
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {format_datetime(at)}\n"
    head += f"Message-ID: <{key}>\n" if key else ""
    return f"{head}{more}\nHello.\n".encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class Result:
    """What a run of auld left: exit code and both streams, as bytes and as text."""

    code: int
    raw_out: bytes
    raw_err: bytes

    @property
    def out(self) -> str:
        return self.raw_out.decode("utf-8")

    @property
    def err(self) -> str:
        return self.raw_err.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def all(self) -> str:
        return self.out + self.err


@dataclass
class World:
    """A home folder with mail in it. `people` and `extra` go into the config as they are."""

    home: Path
    sent: str = "sent"
    extra: str = ""
    account: str = ""
    number: int = field(default=0)

    def __post_init__(self) -> None:
        for folder in ("sent", "inbox"):
            for part in ("cur", "new", "tmp"):
                (self.home / folder / part).mkdir(parents=True, exist_ok=True)
        self.configure()

    @property
    def config(self) -> Path:
        return self.home / "config.toml"

    @property
    def state(self) -> Path:
        return self.home / "state"

    @property
    def drafts(self) -> Path:
        return self.home / "drafts"

    def configure(self, extra: str = "", account: str = "") -> None:
        """Write the config: `extra` at its end, `account` inside the account's stanza."""
        self.config.write_text(
            '[me]\nname = "Robin Park"\nemails = ["robin@example.com"]\ntimezone = "Europe/Amsterdam"\n'
            '[[accounts]]\nname = "archive"\nkind = "files"\nsent = ["sent"]\nreceived = ["inbox"]\ndrafts = "drafts"\n'
            f"{account}\n{extra}\n",
            encoding="utf-8",
        )

    def put(self, *messages: bytes, folder: str = "sent") -> None:
        """Lay messages into a Maildir."""
        for message in messages:
            self.number += 1
            (self.home / folder / "cur" / f"m{self.number}.example:2,S").write_bytes(message)

    def befriend(self, *names: str) -> None:
        """Let there be people who are listed, and due: last written to 200 days ago, and once they answered."""
        stanzas = []
        for name in names:
            email = f"{name.split()[0].lower()}@example.org"
            who = f"{name} <{email}>"
            self.put(mail(to=who, days=200), mail(to=who, days=300))
            self.put(mail(who, ROBIN, days=250), folder="inbox")
            stanzas.append(f'[[people]]\nname = "{name}"\nemails = ["{email}"]\nevery = "1 month"\n')
        self.configure("\n".join(stanzas))

    def run(self, *words: str, code: int | Sequence[int] = 0, now: datetime | str = NOW, **how: Any) -> Result:
        """Run auld with this world's config and state; its exit code must be (one of) `code`."""
        moment = now if isinstance(now, str) else now.isoformat()
        given = ["--config", str(self.config), "--state", str(self.state), "--now", moment]
        return auld(*given, *words, code=code, home=self.home, **how)

    def messages(self) -> list[bytes]:
        """Return the drafts that lie in the Drafts folder."""
        return [path.read_bytes() for part in ("cur", "new") for path in sorted((self.drafts / part).glob("*"))]

    def people(self, **how: Any) -> dict[str, dict[str, Any]]:
        """Return everybody by their first address."""
        return {one["emails"][0]: one for one in self.run("people", "--all", "--json", **how).json if one["emails"]}


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which nothing of this machine's user is seen."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONDONTWRITEBYTECODE": "1",
        **(more or {}),
    }


PROGRAM = [sys.executable, "-W", "error", "-c", "from daemon.cli import main; main()"]


def auld(
    *words: str | bytes,
    code: int | Sequence[int] = 0,
    home: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 40,
    before: Callable[[], None] | None = None,
    stdin: bytes = b"",
) -> Result:
    """Run auld as it is typed; hold what every run must hold: it ends, with a code of meaning and no traceback."""
    done = subprocess.run(
        [*PROGRAM, *words], env=environment(home, env), capture_output=True, check=False, timeout=timeout,
        preexec_fn=before, input=stdin,
    )  # fmt: skip
    result = Result(done.returncode, done.stdout, done.stderr)
    both = done.stdout + done.stderr
    assert b"Traceback" not in both, both.decode("utf-8", "replace")[-3000:]
    assert b"should not have" not in both, both.decode("utf-8", "replace")[-3000:]
    assert result.code in ([code] if isinstance(code, int) else code), (result.code, both.decode("utf-8", "replace"))
    return result


def harmful(text: str) -> set[str]:
    """Return the characters of `text` that could do harm on a terminal: controls, bidi marks, half characters."""
    return {
        one for one in text if one not in _FRIENDLY and unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    }
