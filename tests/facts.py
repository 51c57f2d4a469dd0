"""Facts for tests, short to write: mails and meetings of Robin (robin@example.com), and the world derived from them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from connectors.types import Address, Answer, Attendee, Mail, Meeting
from daemon.contact import ByHand, Evidence, World, gather
from daemon.ledger import Ledger
from daemon.model import Join, Met, Standing
from daemon.settings import ContactRules, Listed, Me, Settings

ME = "robin@example.com"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Amsterdam")

_ids = count(1)


def address(text: str) -> Address:
    """Read "Ana Lima <ana@example.com>" or "ana@example.com"."""
    name, _, rest = text.rpartition("<")
    return Address(rest.rstrip(">").strip(), name.strip())


def mail(sender: str, to: str | Iterable[str] = ME, days: float = 100, **more: Any) -> Mail:
    """Return a mail of so many days before NOW."""
    recipients = [to] if isinstance(to, str) else list(to)
    number = next(_ids)
    fields: dict[str, Any] = {
        "message_id": f"m{number}@mail.example.com",
        "dated_at": NOW - timedelta(days=days),
        "received_at": None,
        "sender": address(sender) if sender else None,
        "recipients": tuple(address(one) for one in recipients),
        "subject": f"Subject {number}",
        "thread": f"m{number}@mail.example.com",
    }
    fields |= more
    return Mail(**fields)


def sent(to: str | Iterable[str], days: float = 100, **more: Any) -> Mail:
    """Return a mail of mine."""
    return mail(f"Robin Park <{ME}>", to, days, in_sent=True, **more)


def received(sender: str, days: float = 100, **more: Any) -> Mail:
    """Return a mail to me."""
    return mail(sender, ME, days, in_sent=False, **more)


def meeting(organizer: str | None, answers: dict[str, Answer] | None = None, days: float = 100, **more: Any) -> Meeting:
    """Return a meeting of an hour that began so many days before NOW (negative: is ahead)."""
    number = next(_ids)
    start = NOW - timedelta(days=days)
    fields: dict[str, Any] = {
        "key": f"k{number}",
        "uid": f"u{number}",
        "original_start": "",
        "start": start,
        "end": start + timedelta(hours=1),
        "organizer": address(organizer) if organizer else None,
        "attendees": tuple(Attendee(address(who), answer) for who, answer in (answers or {}).items()),
        "title": f"Meeting {number}",
    }
    fields |= more
    return Meeting(**fields)


def ledger_of(mails: Iterable[Mail] = (), meetings: Iterable[Meeting] = (), account: str = "archive") -> Ledger:
    """Return a ledger of these facts."""
    ledger = Ledger()
    ledger.add_mails(account, mails)
    ledger.add_meetings(account, meetings, ())
    return ledger


def world_of(
    *facts: Mail | Meeting,
    people: Sequence[Listed] = (),
    joins: Sequence[Join] = (),
    mets: Sequence[Met] = (),
    max_people: int = 6,
    now: datetime = NOW,
    ledger: Ledger | None = None,
    own: dict[str, frozenset[str]] | None = None,
    zone: ZoneInfo = ZONE,
    me: tuple[str, ...] = (ME,),
    chosen: Iterable[str] = (),
) -> World:
    """Return the world derived from these facts."""
    settings = Settings(
        me=Me(name="Robin Park", emails=me), people=tuple(people), contact=ContactRules(max_people=max_people)
    )
    if ledger is None:
        mails = [one for one in facts if isinstance(one, Mail)]
        ledger = ledger_of(mails, [one for one in facts if isinstance(one, Meeting)])
    return World(ledger, settings, ByHand(joins, mets, own or {}, frozenset(chosen)), now, zone)


def of(world: World, email: str) -> Standing:
    """Return how a person stands."""
    return world.standings[number_of(world, email)]


def number_of(world: World, email: str) -> int:
    """Return the number of a person."""
    number = world.find([email])
    assert number is not None, f"{email} is nobody"
    return number


def evidence_of(world: World, email: str) -> Evidence:
    """Return the evidence about a person."""
    return gather(world, number_of(world, email), 100)
