"""What a new config file is written from: what was guessed of the machine, or answered at a terminal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody to keep in touch with. `email` and `circle` may be ``""``."""

    name: str
    email: str = ""
    circle: str = ""


CIRCLES: Final[Mapping[str, str]] = {
    "family": "1 month",
    "friends": "6 weeks",
    "mentors": "3 months",
    "colleagues": "3 months",
}
"""The usual circles, and how often one is in touch."""


@dataclass(frozen=True, slots=True)
class Online:
    """A kind of account that is signed in to, and what a stanza of it wants.

    `name` is what a new account is called, `title` what people call the kind, `key` the one key it cannot do without,
    `wanted` what that is, `example` a value, `note` a comment behind it, `more` further lines; `guide` is the page of
    docs/ that says how to get it. `domains` are those of addresses that such accounts mostly have. `is_path`: the key
    names a file.
    """

    kind: str
    name: str
    title: str
    key: str
    wanted: str
    example: str
    note: str
    guide: str
    domains: tuple[str, ...]
    more: tuple[str, ...] = ()
    is_path: bool = False


ONLINE: Final = (
    Online(
        "gmail", "home", "Gmail and Google Calendar", "client_secret", "file of your OAuth client",
        "client_secret.json", "beside this file", "docs/google.md", ("gmail.com", "googlemail.com"), is_path=True,
    ),
    Online(
        "outlook", "work", "Outlook.com, Microsoft 365, Exchange Online", "client_id", "id of your app",
        "00000000-0000-0000-0000-000000000000", "of your own app", "docs/outlook.md",
        ("outlook.com", "hotmail.com", "live.com", "msn.com"),
        ('tenant = "common"  # or as docs/outlook.md says, step 2',),
    ),
)  # fmt: skip
"""The kinds that a new config offers, in this order."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The user, their accounts, and their mail on this disk.

    `timezone` is an IANA name, ``""`` for the system's. Paths are as they are to stand in the file, ``~`` allowed:
    `sent`, `received`, `mail` (mixed) and `calendar` are files or folders, `drafts` a Maildir or ``""``. Without any
    path but `drafts` the file gets no account for them. `online` has the key of each kind in `ONLINE` that has an
    account, by the kind.
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
    online: Mapping[str, str] = field(default_factory=dict)
