"""Figures of reading: a first sync, a second one, and how the cost grows with the archive."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import mean
from typing import Final

from tests.bench.archives import NOW, Archive, Form, archive, warm
from tests.bench.figures import Figure
from tests.bench.processes import AULD, Run, peak_memory, run, typical

_SMALL: Final = 20_000
_SMALL_PEOPLE: Final = 1_500
_TIMES: Final = 3


def sync_command(made: Archive, state: Path) -> tuple[str, ...]:
    """Return the command that reads an archive into the state."""
    return (*AULD, "sync", "--config", str(made.config), "--state", str(state), "--now", NOW)


def first_sync(made: Archive, *, cores: int = 2) -> Run:
    """Read an archive into a new state; nothing of it stays."""
    with tempfile.TemporaryDirectory() as folder:
        return run(sync_command(made, Path(folder) / "state"), cores=cores)


def measure_first_sync() -> Iterator[Figure]:
    """Measure a first sync of a Maildir against the clock and against other indexers."""
    made = archive("maildir", _SMALL, _SMALL_PEOPLE)
    warm(made)
    first_sync(made)
    one = typical(_TIMES, lambda: first_sync(made, cores=1))
    both = typical(_TIMES, lambda: first_sync(made))
    yield Figure("first sync, 20,000 mails (Maildir), one core", made.mails / one, 5000, "mails/s", "at least")
    yield Figure("first sync, 20,000 mails (Maildir), both cores", made.mails / both, 10_000, "mails/s", "at least")
    with tempfile.TemporaryDirectory() as folder:
        peak = peak_memory(sync_command(made, Path(folder) / "state"))
    yield Figure("  its peak memory, all processes together", peak, 150, "MB")
    yield _against("notmuch new", "notmuch", 5, made, _notmuch)
    yield _against("mu index", "mu", 3, made, _mu)


def _against(name: str, program: str, wanted: float, made: Archive, theirs: Callable[[Archive, Path], Run]) -> Figure:
    title = f"  times as fast as `{name}` on the same Maildir"
    if shutil.which(program) is None:
        return Figure(title, None, wanted, "times", "at least", f"{program} is not installed")
    # Right before and after, so that whatever else the machine does bears on both.
    before = first_sync(made).seconds
    with tempfile.TemporaryDirectory() as folder:
        seconds = theirs(made, Path(folder)).seconds
    after = first_sync(made).seconds
    note = f"{made.mails / seconds:,.0f} mails/s; it indexes bodies too"
    return Figure(title, seconds / mean((before, after)), wanted, "times", "at least", note)


def _notmuch(made: Archive, folder: Path) -> Run:
    config = folder / "config"
    config.write_text(
        f"[database]\npath={folder / 'database'}\nmail_root={made.path}\n"
        "[user]\nname=Robin Park\nprimary_email=robin@example.com\n[new]\ntags=new\n",
        "utf-8",
    )
    (folder / "database").mkdir()
    return run(("notmuch", "new", "--quiet"), environment={"NOTMUCH_CONFIG": str(config)})


def _mu(made: Archive, folder: Path) -> Run:
    home = f"--muhome={folder}"
    run(("mu", "init", home, f"--maildir={made.path}", "--my-address=robin@example.com"))
    return run(("mu", "index", home, "--quiet"))


def measure_second_sync() -> Iterator[Figure]:
    """Measure a sync that finds nothing new, and whether it wrote anything to the ledger."""
    made = archive("maildir", _SMALL, _SMALL_PEOPLE)
    warm(made)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        run(sync_command(made, state))
        before = _Files.of(state)
        seconds = typical(5, lambda: run(sync_command(made, state)))
        changed = before.changed(state)
    yield Figure("second sync, nothing new, 20,000 mails", seconds, 1, "s")
    yield Figure("  ledger files it changed", len(changed), 0, "files", note=", ".join(changed))


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a state but for status.json and lock, with a hash of their content and when they were written."""

    stamps: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, state: Path) -> "_Files":
        files = [path for path in state.rglob("*") if path.is_file() and path.name not in {"status.json", "lock"}]
        return cls({
            str(path.relative_to(state)): (
                sha256(path.read_bytes()).hexdigest(),
                path.stat().st_ino,
                path.stat().st_mtime_ns,
            )
            for path in files
        })  # fmt: skip

    def changed(self, state: Path) -> list[str]:
        now = _Files.of(state).stamps
        return sorted(name for name in self.stamps.keys() | now.keys() if self.stamps.get(name) != now.get(name))


def measure_growth() -> Iterator[Figure]:
    """Measure what ten times the mail costs."""
    forms: tuple[Form, ...] = ("maildir", "mbox")
    for form in forms:
        small = archive(form, _SMALL, _SMALL_PEOPLE)
        large = archive(form, 10 * _SMALL, 5000)
        warm(small)
        warm(large)
        # Right before and after, so that whatever else the machine does bears on both.
        before = typical(_TIMES, partial(first_sync, small))
        of_many = first_sync(large).seconds / large.mails
        after = typical(_TIMES, partial(first_sync, small))
        each = mean((before, after)) / small.mails
        note = f"{1 / each:,.0f} and {1 / of_many:,.0f} mails/s"
        yield Figure(f"time per mail, 200,000 against 20,000 ({form})", of_many / each, 1.25, "times", note=note)
