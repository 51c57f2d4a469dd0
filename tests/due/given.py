"""What the tests of this room start from: a person, what the ledger says of them, a draft, all fictional."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daemon.due import Round, rate
from daemon.due.rhythm import Prior
from daemon.model import Contact, Decision, DraftRecord, Kind, Person, Rate, Standing, Status
from daemon.settings import Circle, ContactRules, Greetings, Listed, Rhythm, Settings
from daemon.spans import Span

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 6, 17, 10, tzinfo=UTC)  # a Wednesday, noon in Amsterdam
MAYA = Person("Maya Iyer", ("maya@example.org", "maya@old.example.com"))


def days_ago(*ages: float, now: datetime = NOW) -> list[datetime]:
    """Return moments, oldest first."""
    return sorted(now - timedelta(days=age) for age in ages)


def standing(
    *ages: float, person: Person = MAYA, now: datetime = NOW, zone: ZoneInfo = ZONE, **fields: Any
) -> Standing:
    """Return a standing whose contacts were so many days ago: as many mails of mine as contacts, and one of theirs."""
    moments = days_ago(*ages, now=now)
    last = Contact(moments[-1], Kind.SENT, "home", person.key, None, 1) if moments else None
    made = Standing(
        person=person,
        days=sorted({at.astimezone(zone).date().toordinal() for at in moments}),
        last=last,
        first_at=moments[0] if moments else None,
        sent=len(moments),
        received=min(1, len(moments)),
        sign_of_life=bool(moments),
        unanswered_at=None,
        answered_at=None,
        next_meeting_at=None,
        dead=frozenset(),
        usable_email=person.emails[0] if person.emails else None,
    )
    return replace(made, **fields)


def listed(**fields: Any) -> Person:
    """Return Maya as she stands in ``[[people]]``."""
    return replace(MAYA, listed=Listed(name=MAYA.name, emails=MAYA.emails, **fields))


def draft(
    status: Status, age: float, *, changed: float | None = None, now: datetime = NOW, **fields: Any
) -> DraftRecord:
    """Return a draft to Maya made `age` days ago and last changed `changed` days ago."""
    made = DraftRecord(
        key=f"<{status}-{age}@example.com>",
        person=MAYA.name,
        emails=MAYA.emails,
        email=MAYA.emails[0],
        account="home",
        occasion="catch-up",
        language="en",
        subject="Long time",
        status=status,
        created_at=now - timedelta(days=age),
        changed_at=now - timedelta(days=age if changed is None else changed),
    )
    return replace(made, **fields)


def said(**fields: Any) -> Decision:
    """Return what the user said of Maya."""
    return Decision(MAYA.emails, MAYA.name, **fields)


def settings(
    *,
    circles: Sequence[Circle] = (),
    ignore: tuple[str, ...] = (),
    new_year: bool = True,
    **rhythm: Any,
) -> Settings:
    """Return a config."""
    return Settings(
        circles=tuple(circles),
        contact=ContactRules(ignore=ignore),
        greetings=Greetings(new_year=new_year),
        rhythm=Rhythm(**rhythm),
    )


def around(now: datetime = NOW, config: Settings | None = None, **fields: Any) -> Round:
    """Return a quiet round: nothing that holds everybody back."""
    return Round(config or settings(), now, ZONE, **fields)


def rated(
    one: Standing,
    config: Settings | None = None,
    *,
    decision: Decision | None = None,
    now: datetime = NOW,
    zone: ZoneInfo = ZONE,
) -> Rate:
    """Return when a person is due under the default prior."""
    return rate(one, config or settings(), Prior(), now, zone, decision)


MENTORS = Circle(name="mentors", every=Span(months=3))
