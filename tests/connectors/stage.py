"""What a draft's life needs of a kind: a home where somebody is due, and what the user does in the Drafts folder."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from daemon.cli.drafting import drafts
from daemon.cli.options import Options
from daemon.cli.people import person_json
from daemon.cli.reading import once
from daemon.cli.session import Session
from tests.cli.archive import Ran, run
from tests.connectors.dying import Doing

MINE = "Changed by hand."
"""What the user puts into the place of a draft's text."""
REWRITTEN = "rewritten@client.example"
"""The Message-ID that a mail client gives what it writes anew."""
NOTE = "The choir sings on Friday."
NEWS = "I moved to the data team."


_SHORTER: Mapping[tuple[str, ...], Callable[[Session], int]] = {
    ("once",): once,
    ("drafts",): lambda session: drafts(session, as_json=False),
}
"""Commands by their words, without reading those: that takes as long as a round."""


class Lying(NamedTuple):
    """A draft in the Drafts folder, or in one of the user's own."""

    folder: str
    to: str
    subject: str
    text: str
    key: str


@dataclass(frozen=True)
class Sight:
    """What a user can see, less what is drawn by chance: auld's drafts, what lies in folders, and the people.

    `made` is how many drafts of auld's ever lay there, `told` how many of them had the note, and the news.
    """

    statuses: Sequence[str]
    drafts: Sequence[Any]
    lying: Sequence[tuple[str, str, str, str]]
    people: Sequence[dict[str, Any]]
    notes: Sequence[tuple[str, bool]]
    made: int
    told: tuple[int, int]


class Stage(ABC):
    """One account of a kind over its real fake, and auld. Time passes only by `later`."""

    kind: str
    doings: Sequence[Doing]
    """What auld does that changes anything at the provider."""
    put_away_is: str
    """What becomes of a draft that the user puts into another folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.seen: dict[str, str] = {}  # key -> text of each draft of auld's that ever lay there

    # -- a kind's own ----------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def now(self) -> datetime:
        """The moment it is."""

    @abstractmethod
    def later(self, span: timedelta) -> None:
        """Let time pass."""

    @abstractmethod
    def lent(self) -> AbstractContextManager[object]:
        """Lend the auld that is started inside the fake's clock."""

    @abstractmethod
    def configure(self, extra: str) -> None:
        """Write the config, with this at its end."""

    @abstractmethod
    def look(self) -> list[Lying]:
        """Return what lies in Drafts and in the user's folder."""

    @abstractmethod
    def receive(self, who: str) -> None:
        """Let somebody's mail arrive."""

    @abstractmethod
    def write(self, who: str) -> None:
        """Let the user write to somebody without the draft."""

    @abstractmethod
    def edit(self) -> None:
        """Let the user change the text of the draft to `MINE`."""

    @abstractmethod
    def rewrite(self) -> None:
        """Let a mail client put a new draft with `MINE`, under `REWRITTEN`, into the place of the draft."""

    @abstractmethod
    def put_away(self) -> None:
        """Let the user put the draft into a folder of theirs."""

    @abstractmethod
    def send(self, *, keep: bool) -> None:
        """Let the user send the draft, under its Message-ID or under another."""

    @abstractmethod
    def delete(self, *, bin_: bool) -> None:
        """Let the user throw the draft away, into the bin or for good."""

    @abstractmethod
    def copy(self) -> Callable[[], None]:
        """Return what puts the provider, and the time, back to where they are now."""

    # -- for all ---------------------------------------------------------------------------------------------------

    @property
    def config(self) -> Path:
        return self.home / "config.toml"

    def run(self, *words: str, code: Collection[int] = (0,)) -> Ran:
        """Run a command; one of those that are run most takes the shorter way."""
        out, err = StringIO(), StringIO()
        with self.lent():
            if (short := _SHORTER.get(words)) is not None:
                with redirect_stdout(out), redirect_stderr(err):
                    ran = Ran(short(self._session()), out.getvalue(), err.getvalue())
            else:
                ran = run("--config", str(self.config), "--now", self.now.isoformat(), *words)
        assert ran.code in code, (words, ran)
        return ran

    def _session(self) -> Session:
        return Session(Options(config=str(self.config), now=self.now))

    def watch(self) -> None:
        """Hold what must hold at any instant: of auld's drafts one waits for a person at most."""
        ours = [one for one in self.look() if one.key != REWRITTEN]
        assert len({one.to for one in ours}) == len(ours), f"a second draft: {ours}"
        for one in ours:
            self.seen.setdefault(one.key, one.text)

    def sight(self) -> Sight:
        """Return what the commands would tell, and what lies there."""
        session = self._session()
        with self.lent(), session.state() as state:
            view = session.overview(state)
            records = sorted(state.drafts, key=lambda one: one.created_at, reverse=True)
            people = [_by_day(person_json(row)) for row in view.table(everybody=True, word=None)]
            notes = [(one.text, bool(one.used_by)) for one in state.notes]
        return Sight(
            [str(one.status) for one in records],
            [
                (one.email, one.occasion, one.subject, one.edited, one.by_age, one.news, bool(one.in_reply_to))
                for one in records
            ],
            sorted(one[:4] for one in self.look()),
            people,
            notes,
            len(self.seen),
            (sum(NOTE in text for text in self.seen.values()), sum(NEWS in text for text in self.seen.values())),
        )

    def keep(self, folder: Path) -> Callable[[], None]:
        """Keep all as it is now, auld's files in a folder; return what puts it back."""
        shutil.copytree(self.home, folder)
        put_back, seen = self.copy(), dict(self.seen)

        def restore() -> None:
            shutil.rmtree(self.home)
            shutil.copytree(folder, self.home)
            put_back()
            self.seen = dict(seen)

        return restore


def _by_day(told: Any) -> Any:
    """Return what is told with days in the place of moments: whoever was cut off came back later that day."""
    if isinstance(told, dict):
        return {name: _by_day(value) for name, value in told.items()}
    return told.date() if isinstance(told, datetime) else told


def copy_parts(parts: Sequence[object], *shared: object) -> Callable[[], None]:
    """Copy the insides of several objects that know each other; return what puts them back.

    What is `shared` is not copied.
    """

    def copy(insides: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return deepcopy(list(insides), {id(one): one for one in (*parts, *shared)})

    kept = copy([vars(one) for one in parts])

    def put_back() -> None:
        for part, inside in zip(parts, copy(kept), strict=True):
            vars(part).clear()
            vars(part).update(inside)

    return put_back
