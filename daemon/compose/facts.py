"""All that a draft may say. Nothing that is not in `Facts` can get into one.

Decides what of the ledger and the config is worth telling; never how it is worded.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo

from daemon.compose.greeting import greeting
from daemon.compose.names import first_name
from daemon.compose.plain import clean, fold, sentence
from daemon.compose.subject import mention, topic
from daemon.compose.when import when_words
from daemon.model import Contact, Kind, Standing
from daemon.settings import Formality, Language, Me, News, Occasion, Relation

NEWS_LONGEST: Final = 300
"""Characters of one piece of the user's news or note that can be told."""

_NAMED_LONGEST: Final = 60  # characters of a city, a position, a company
_WEEKS: Final = timedelta(days=90)  # "a few months" would be too much before
_MONTHS: Final = timedelta(days=365)
_NOVEMBER: Final = 11
_FEBRUARY: Final = 2


class Silence(StrEnum):
    """How long it has been, as far as it changes the tone."""

    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The fact list of one draft, every text cleaned: one printable line each, but for `signature`.

    `greeting` is the whole greeting line. `topic` is a noun phrase ("the Q3 budget"), `about` whether a mail or a
    meeting was about it, `when` when that was. `news` and `note` are the user's own words, as sentences. `year` is
    the one a New Year's wish is for, `city` where both live, `title` the new position that is congratulated on,
    `company` where a reference is wanted. `signed` is the user's first name.
    """

    occasion: Occasion
    language: Language
    greeting: str
    silence: Silence
    formality: Formality = "informal"
    relation: Relation | None = None
    topic: str | None = None
    about: Literal["mail", "meeting"] | None = None
    when: str | None = None
    news: str | None = None
    note: str | None = None
    year: int | None = None
    city: str | None = None
    title: str | None = None
    company: str | None = None
    signed: str = ""
    signature: str = ""


def gather(
    standing: Standing,
    *,
    me: Me,
    occasion: Occasion,
    language: Language,
    news: News | None,
    note: str,
    salutation: str,
    now: datetime,
    zone: ZoneInfo,
    formality: Formality = "informal",
    title: str = "",
    company: str = "",
    ours: Collection[str] = (),
) -> Facts:
    """Return the facts for a draft to somebody.

    `news` is the piece to tell (see `untold`), `note` the user's note for this person or "", `salutation` the word the
    user last greeted them with or "". `title` and `company` are from the user's notes too. `ours` are
    the subjects of auld's earlier drafts to them: those are about nothing. `now` is aware.
    """
    person, listed, last = standing.person, standing.person.listed, standing.last
    about = _about(last)
    subject = topic(last.title or "") if last and about else None
    if subject is not None and fold(subject) in {fold(topic(one) or "") for one in ours}:
        subject = None
    email = standing.usable_email or (person.emails[0] if person.emails else "")
    name = listed.name if listed and listed.name else person.name
    today = now.astimezone(zone).date()
    return Facts(
        occasion=occasion,
        language=language,
        greeting=greeting(listed.greeting if listed else "", salutation, name, email, language, formality),
        silence=silence(last.at if last else None, now),
        formality=formality,
        relation=listed.relation if listed else None,
        topic=mention(subject, language) if subject else None,
        about=about if subject else None,
        when=when_words(last.at, now, zone, language) if last and subject else None,
        news=sentence(news.text, NEWS_LONGEST) or None if news else None,
        note=sentence(note, NEWS_LONGEST) or None,
        year=(year_wished(today) or today.year + 1) if occasion == "new-year" else None,
        city=shared_city(me.city, listed.city if listed else ""),
        title=clean(title, _NAMED_LONGEST) or None,
        company=clean(company, _NAMED_LONGEST) or None,
        signed=signed(me.name),
        signature=me.signature,
    )


def shared_city(mine: str, theirs: str) -> str | None:
    """Return the city that both live in, as the user writes it; None if that is not known to be one."""
    same = fold(clean(mine, _NAMED_LONGEST)) == fold(clean(theirs, _NAMED_LONGEST))
    return (clean(mine, _NAMED_LONGEST) or None) if same else None


def silence(last_at: datetime | None, now: datetime) -> Silence:
    """Return the bucket of the silence since `last_at`; with no contact known, the one that claims nothing of it."""
    if last_at is None or now - last_at < _WEEKS:
        return Silence.WEEKS
    return Silence.MONTHS if now - last_at < _MONTHS else Silence.YEARS


def untold(news: tuple[News, ...], told: frozenset[str], today: date) -> News | None:
    """Return the newest piece of news that is current on the local day `today` and whose text is not in `told`."""
    current = [
        item for item in news if (item.since or date.min) <= today <= (item.until or date.max) and item.text not in told
    ]
    return max(current, key=lambda item: item.since or date.min, default=None)


def year_wished(today: date) -> int | None:
    """Return the year to wish well for: from November on the coming one, until February the present one; else None."""
    if today.month >= _NOVEMBER:
        return today.year + 1
    return today.year if today.month <= _FEBRUARY else None


def signed(name: str) -> str:
    """Return what the user signs with: their first name, or the whole name where that is not sure."""
    return first_name(name, "") or clean(name, 60)


def _about(last: Contact | None) -> Literal["mail", "meeting"] | None:
    if last is None or last.kind is Kind.MET:
        return None
    return "meeting" if last.kind is Kind.MEETING else "mail"
