"""The rest of the mailbox: all that is no personal contact and must not be taken for it, with a trap in each.

Much of it is dated after the last true contact with someone who is due, so that taking it for contact would show.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from daemon.demo.cast import CLUB, ROBIN, STAFF, Mailbox, named
from daemon.demo.times import moment
from daemon.demo.wire import Letter, message_id

_SAILING: Final = ("List-Id: Sailing club <sailing.lists.example.org>", "List-Post: <mailto:sailing@lists.example.org>")
_CODE: Final = (
    "List-Id: team/engine <engine.team.code.example.org>",
    "Precedence: list",
    "X-Auto-Response-Suppress: All",
)
_FAREWELL: Final = "You get this because you signed up. To stop it, follow the link at the end."
_KNOWN_NAMES: Final = ("Jonas Meyer", "Sofia Marino", "René Dubois")


def noise(today: date) -> Iterator[Letter]:
    """Yield all mail that is no contact."""
    yield from _newsletters(today)
    yield from _robots(today)
    yield from _list_mail(today)
    yield from _group_mail(today)
    yield from _strangers(today)
    yield from _thrown_away(today)


def _letter(today: date, ago: int, sender: Mailbox, subject: str, **rest: object) -> Letter:
    """Return a mail to Robin at an hour of its own."""
    own = message_id(sender, subject, ago)
    at = moment(today, ago, 7 * 60 + int(own[1:5], 16) % (14 * 60))
    details: dict[str, object] = {"to": (ROBIN,), "body": _FAREWELL, "mine": False, **rest}
    return Letter(message_id=own, at=at, sender=sender, subject=subject, **details)  # type: ignore[arg-type]
