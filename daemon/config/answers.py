"""What a new config file is written from: what was guessed of the machine, or answered at a terminal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody to keep in touch with. `email` and `circle` may be ``""``."""

    name: str
    email: str = ""
    circle: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """The user and their mail on this disk.

    `timezone` is an IANA name, ``""`` for the system's. Paths are as they are to stand in the file, ``~`` allowed:
    `sent`, `received`, `mail` (mixed) and `calendar` are files or folders, `drafts` a Maildir or ``""``. Without any
    path but `drafts` the file gets no account.
    """

    name: str = ""
    emails: tuple[str, ...] = ()
    timezone: str = ""
    goal: int = 8
    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    drafts: str = ""
    people: tuple[Friend, ...] = ()
