"""Whether a draft answers the old thread or begins a new one.

Decides by the rules of good manners, on facts alone: old threads, group threads and transactions stay closed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from daemon.compose.plain import clean
from daemon.compose.subject import is_private, is_transaction, reply_subject

SILENCE_AT_MOST: Final = timedelta(days=180)
"""After a longer silence a draft begins a new thread."""

_SUBJECT_AT_MOST: Final = 200
_REFERENCES_FIRST: Final = 1
_REFERENCES_LAST: Final = 8


@dataclass(frozen=True, slots=True)
class LastThread:
    """The last mail exchanged with a person, and the thread it stands in.

    `message_id` and `references` are without angle brackets; `thread` is the `Mail.thread`. `two_of_you`: nobody but
    the user and the person is on the thread's last mail. `at` is its moment.
    """

    subject: str
    message_id: str
    references: tuple[str, ...]
    thread: str
    two_of_you: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What a draft in an old thread takes from it; ids without angle brackets, `references` first and last eight."""

    subject: str
    in_reply_to: str
    references: tuple[str, ...]
    thread: str


def reply_target(last: LastThread | None, *, silent_since: datetime | None, now: datetime) -> Reply | None:
    """Return what to answer, or None for a new thread.

    `silent_since` is the last contact of any kind. The thread itself must be as young as the silence: a meeting last
    week does not reopen the mail of three years ago.
    """
    if last is None or silent_since is None or not last.two_of_you or not _is_id(last.message_id):
        return None
    if now - min(silent_since, last.at) > SILENCE_AT_MOST:
        return None
    subject = reply_subject(last.subject)
    if not clean(last.subject, _SUBJECT_AT_MOST + 1) or len(subject) > _SUBJECT_AT_MOST or subject == "Re:":
        return None
    if is_transaction(subject) or is_private(subject):
        return None
    return Reply(subject, last.message_id, _chain(last), last.thread)


def _chain(last: LastThread) -> tuple[str, ...]:
    """Return the References of an answer (RFC 5322, 3.6.4): those of the mail, then the mail itself."""
    known = [reference for reference in last.references if _is_id(reference) and reference != last.message_id]
    chain = (*dict.fromkeys(known), last.message_id)
    if len(chain) <= _REFERENCES_FIRST + _REFERENCES_LAST:
        return chain
    return (*chain[:_REFERENCES_FIRST], *chain[-_REFERENCES_LAST:])


def _is_id(text: str) -> bool:
    """Say whether `text` can be written as a Message-ID: one printable word without brackets."""
    return bool(text) and len(text) <= 900 and text.isprintable() and not any(char in "<> " for char in text)  # noqa: PLR2004
