"""The contract between a connector and the daemon.

Words: a *kind* is a folder under ``connectors``; an *account* is one stanza of the config, opened by its kind's
connector; a *source* tells facts; a *draft box* is the user's Drafts folder. Every method raises only errors from
``connectors.errors``. Sources are read by one thread at a time; different accounts by different threads.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shlex import quote
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, Generic, Literal, Protocol, TypeVar

from connectors.types import Batch, DraftRef, Mail, Meeting, NewDraft

if TYPE_CHECKING:  # reading mail in worker processes needs the contract's package, but not pydantic
    from pydantic import BaseModel

T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S", bound="BaseModel")


class Source(Protocol[T_co]):
    """Mail or calendar of an account."""

    def changes(self, cursor: str | None, since: datetime | None) -> Iterator[Batch[T_co]]:
        """Yield what is new after `cursor` (None: everything), nothing older than `since` (None: no limit).

        Each batch's cursor holds once that batch is stored, so a caller may stop after any batch. The last batch may be
        empty. What can be read is yielded before an error about the rest is raised. Facts may be told again; none may
        be left out.

        Raises:
            CursorExpired: start again with None.
            LoginNeeded, Unavailable, Refused, BadReply: as they are named.
        """
        ...


class DraftBox(Protocol):
    """The user's Drafts folder. No method sends."""

    @property
    def creates_late(self) -> bool:
        """Whether a draft may still appear some time after `create` was cut off or got no answer.

        So it is wherever a server does the work. Then one look that does not find it proves nothing.
        """
        ...

    def create(self, draft: NewDraft) -> DraftRef:
        """Put `draft` there. Not idempotent: after a lost answer ask `find` first.

        Raises:
            Unavailable, BadReply: it may be there all the same.
            Refused, LoginNeeded, SettingsError: it was certainly not made.
        """
        ...

    def get(self, ref: DraftRef) -> DraftRef | None:
        """Return the draft as it lies there now (a new `revision` tells an edit), or None when it is gone.

        Where the provider can tell that it was sent, it is one that was `sent`.
        """
        ...

    def find(self, key: str) -> DraftRef | None:
        """Return the draft that was created with `key`, or None, which says that none there is it.

        Raises:
            BadReply: one there cannot be understood and may be it.
        """
        ...

    def withdraw(self, ref: DraftRef) -> bool:
        """Remove the draft if it is unchanged since `ref`; False (and nothing done) if it changed or is gone."""
        ...

    def all(self) -> Iterable[DraftRef]:
        """Yield every draft in the folder, ours and the user's own, less those that cannot be understood.

        One of those may be the user's own to somebody who is due, and then a draft of ours is laid beside it. That is
        mild, and rare: Drafts would else take none any more until the user found out which one it is.
        """
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `auld check`: `detail` says what was found, `fix` what to do (``""`` when ok)."""

    name: str
    result: Literal["ok", "warn", "fail"]
    detail: str
    fix: str = ""


MAILBOX: Final = "mailbox"
"""The secret that is none: which mailbox an account is. It outlives a sign-in, so that another one is noticed."""


class Secrets(Protocol):
    """The secrets of one account (tokens), each a text under a name.

    One that cannot be read or written is an error of `connectors.errors`, which a connector lets pass.
    """

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none."""
        ...

    def put(self, name: str, value: str) -> None:
        """Keep the secret, durably."""
        ...

    def drop(self, name: str) -> None:
        """Delete the secret, if there is one."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Let no other process write any of them meanwhile: for reading one and writing it anew, and no longer."""
        ...


class Prompt(Protocol):
    """How a sign-in talks to the user."""

    def say(self, text: str) -> None:
        """Show `text`."""
        ...

    def browse(self, address: str) -> None:
        """Open `address` in a browser, or show it where none can be opened."""
        ...

    def show_code(self, address: str, code: str) -> None:
        """Show `address`, which may be opened in any browser anywhere, and `code`, which is to be entered there."""
        ...

    @property
    def browser(self) -> bool:
        """Whether a browser on this machine may be used; else a sign-in goes without where it can."""
        ...

    @property
    def patience(self) -> timedelta:
        """How long to wait for the user."""
        ...


@dataclass(frozen=True, slots=True)
class Host:
    """What the daemon lends an account.

    `secrets` are its tokens, `now` is the clock that facts are judged by (a fixed one under ``--now``), `folder` is
    where relative paths start, `name` is what the user calls the account. `tick` and `wait` are seconds that really
    pass: for pacing requests, never for facts. `greetings` asks for `Mail.salutation`: the user lets the beginnings of
    sent mail be read for that (``writing.learn_greetings``).
    """

    secrets: Secrets
    now: Callable[[], datetime]
    folder: Path
    name: str
    tick: Callable[[], float] = monotonic
    wait: Callable[[float], None] = sleep
    greetings: bool = False

    @property
    def sign_in(self) -> str:
        """The command that signs in to this account, as a shell takes it."""
        return f"auld login {quote(self.name)}"


@dataclass(frozen=True, slots=True)
class Account:
    """An opened account. None: this account lacks it (no calendar given, a kind without drafts).

    `tells_greetings` says whether its mail comes with `Mail.salutation`, as it is asked for and signed in; it never
    raises.
    """

    mail: Source[Mail] | None
    calendar: Source[Meeting] | None
    drafts: DraftBox | None
    addresses: Callable[[], tuple[str, ...]]  # the user's own, as the provider tells them
    check: Callable[[], Iterable[Finding]]  # each folder and calendar, sign-in, permissions; never raises
    writes: tuple[Path, ...] = ()  # folders on this disk that it writes to: all else a sandbox may forbid
    tells_greetings: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Connector(Generic[S]):
    """A kind: `settings` is the model of its keys in an ``[[accounts]]`` stanza (less name, kind, since, enabled).

    `open` does no I/O that can fail for reasons outside the settings; it raises `SettingsError` at most. `login` and
    `logout` are None where there is nothing to sign in to; `logout` may return a sentence about what is left for the
    user to do at the provider. `tells_addresses` is False where no account of this kind can
    know the user's own addresses, so that the config must name them.
    """

    settings: type[S]
    open: Callable[[S, Host], Account]
    login: Callable[[S, Host, Prompt], None] | None = None
    logout: Callable[[S, Host], str | None] | None = None
    tells_addresses: bool = True
