"""The config as the daemon understands it: one frozen tree, validated by pydantic at the TOML border.

`daemon.config` reads the file and tells its errors. The attributes' descriptions below are also those of the JSON
Schema, so they are written for the user.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar, cast, dataclass_transform
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, StrictBool, StrictInt, WithJsonSchema
from pydantic.dataclasses import dataclass

from daemon.spans import Span

Occasion = Literal[
    "catch-up", "lunch", "news", "new-year", "birthday", "congratulations", "reference", "sorry-for-the-silence"
]
Language = Literal["en", "de", "fr", "es", "nl", "pt", "it"]
Formality = Literal["formal", "informal"]
Relation = Literal["supervisor", "co-worker", "client", "mentor", "friend", "family"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

MAX_PEOPLE_LIMIT: Final = 50  # below connectors.types.RECIPIENTS_KEPT, so that a truncated list never counts


def _span(value: object) -> Span:
    if isinstance(value, Span):
        return value
    if not isinstance(value, str):
        raise ValueError('write a span of time in quotes, like "6 weeks"')  # noqa: TRY004 -- pydantic takes ValueError
    return Span.parse(value)


SpanText = Annotated[
    Span,
    BeforeValidator(_span),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d{1,5}\s*(minute|hour|day|week|month|year)s?\s*$"}),
]


_HOURS: Final = re.compile(r"\s*(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)\s*", re.ASCII)


def _hours(value: object) -> tuple[time, time]:
    if isinstance(value, tuple):
        return value
    match = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'"{value}" is no stretch of hours; write it like "08:00-18:00"')
    try:
        start, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError(f'"{value}" holds no time of day; write it like "08:00-18:00"') from None
    if start >= end:
        raise ValueError(f'"{value}" ends before it begins; write it like "08:00-18:00"')
    return start, end


Hours = Annotated[
    tuple[time, time],
    BeforeValidator(_hours),
    PlainSerializer(lambda hours: f"{hours[0]:%H:%M}-{hours[1]:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d\s*$"}),
]

_strict = ConfigDict(extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True)
T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field, Field))
def _frozen(cls: type[T]) -> type[T]:
    return cast("type[T]", dataclass(frozen=True, slots=True, kw_only=True, config=_strict)(cls))


def _email(value: object) -> str:
    text = value.strip().lower() if isinstance(value, str) else ""
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or not text.isprintable() or any(char.isspace() or char in "<>," for char in text):
        raise ValueError(f'"{value}" is no e-mail address; write it like "robin@example.com"')
    return text


def read_date(value: object) -> date:
    """Return the day that a TOML date, a TOML date with a time, or a text like "1980-05-17" names.

    Raises:
        ValueError: it names none; the message says what a date looks like.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(value.strip()).date() if isinstance(value, str) else date.fromisoformat("")
    except ValueError:
        raise ValueError(f'"{value}" is no date; write it like 1980-05-17') from None


Day = Annotated[date, BeforeValidator(read_date)]

Email = Annotated[str, BeforeValidator(_email), WithJsonSchema({"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$"})]


@_frozen
class News:
    """Something of the user's own to tell, while it is news.

    Attributes:
        text: What to tell, as a sentence of yours; told to each person once.
        from: The first day it is told; always, if left out.
        until: The last day it is told; for ever, if left out.
    """

    text: Annotated[str, Field(min_length=1, max_length=300)]
    since: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None


@_frozen
class Me:
    """The user.

    Attributes:
        name: Your name. It signs the drafts.
        emails: Your addresses. Those that an account's provider tells are known without.
        timezone: Your time zone by its IANA name; the system's, if left out.
        language: The language you write in, unless a person or a circle has another.
        city: Where you live, for lunch with people of the same city.
        country: Your country by its two letters: no drafts on its public holidays. "DE-BY" where regions differ.
        signature: A block below your name, after "-- "; none, if left out.
        news: Things of your own that drafts may tell.
    """

    name: str = ""
    emails: tuple[Email, ...] = ()
    timezone: str = ""  # an IANA name; "" is the system's
    language: Language = "en"
    city: str = ""
    country: str = ""
    signature: str = ""
    news: tuple[News, ...] = ()


@_frozen
class AccountSettings:
    """One ``[[accounts]]`` stanza; `options` are the keys that belong to its kind, as written and validated.

    Attributes:
        name: What you call the account.
        kind: What sort of account it is.
        since: How far back it is read; everything, if left out.
        enabled: Whether it is read at all.
    """

    name: Annotated[str, Field(min_length=1)]
    kind: str
    since: SpanText | None = None
    enabled: StrictBool = True
    options: Mapping[str, Any] = field(default_factory=dict)


@_frozen
class Rhythm:
    """How many drafts, how many at a time, and when.

    Attributes:
        goal: Drafts a month, at most.
        open: Unsent drafts at a time, at most.
        days: The days on which drafts are written.
        hours: The hours in which drafts are written.
        learn: Whether people in no circle are suggested too, by their own rhythm.
        horizon: No draft to somebody you will meet within this time.
        dormant: People out of contact for longer are not suggested, unless they are listed.
    """

    goal: Annotated[StrictInt, Field(ge=0, le=200)] = 8
    open: Annotated[StrictInt, Field(ge=0, le=100)] = 5
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    hours: Hours = (time(8), time(18))
    learn: StrictBool = True
    horizon: SpanText = Span(days=14)
    dormant: SpanText = Span(months=60)


@_frozen
class ContactRules:
    """What counts as personal contact.

    Attributes:
        max_people: Other people on a mail or in a meeting, above which it is no personal contact.
        ignore: Addresses that are never suggested; "*" stands for anything, as in "*@clinic.example".
    """

    max_people: Annotated[StrictInt, Field(ge=1, le=MAX_PEOPLE_LIMIT)] = 6
    ignore: tuple[str, ...] = ()


@_frozen
class Circle:
    """People who share a rhythm.

    Attributes:
        name: What you call the circle; people name it.
        every: How often you want to be in touch with each of them; by their own rhythm, if left out.
        occasions: What to write for, in order of preference.
        language: The language you write to them in.
        formality: How formal you are with them.
    """

    name: Annotated[str, Field(min_length=1)]
    every: SpanText | None = None
    occasions: tuple[Occasion, ...] = ()
    language: Language | None = None
    formality: Formality | None = None


@_frozen
class Listed:
    """One ``[[people]]`` entry.

    Attributes:
        name: Their name.
        emails: Their addresses, old ones too.
        circle: The circle they belong to.
        every: How often you want to be in touch; as the circle says, if left out.
        relation: What they are to you.
        role: What they are to you, in your own words.
        greeting: How you greet them, like "Hi Lakshmi"; learned, if left out.
        birthday: Their date of birth.
        language: The language you write to them in.
        formality: How formal you are with them.
        city: Where they live, for lunch.
        never: Whether to leave them alone: never suggested, never drafted to.
        tags: Further occasions that are theirs, like "lunar-new-year".
    """

    name: str = ""
    emails: tuple[Email, ...] = ()
    circle: str = ""
    every: SpanText | None = None
    relation: Relation | None = None
    role: str = ""
    greeting: str = ""
    birthday: Day | None = None
    language: Language | None = None
    formality: Formality | None = None
    city: str = ""
    never: StrictBool = False
    tags: tuple[str, ...] = ()


@_frozen
class Greetings:
    """Which dates of the year are greeted.

    Attributes:
        new_year: Whether to write at the turn of the year (27 December to 10 January).
        birthdays: Whether to write on birthdays.
    """

    new_year: StrictBool = True
    birthdays: StrictBool = True


@_frozen
class Model:
    """An OpenAI-compatible endpoint that may rewrite drafts.

    Attributes:
        url: Its address.
        model: The model's name there.
        key_command: A command that prints the key, if it wants one.
    """

    url: str
    model: str
    key_command: str = ""


@_frozen
class Writing:
    """How drafts are written and where they go.

    Attributes:
        account: The account that drafts go to if that of the last contact takes none.
        templates: A folder with templates of your own; they win over the built-in ones.
        learn_greetings: Whether to read the first 300 characters of sent mail; only the salutation is kept.
        learn_variants: Whether to prefer the wordings that you send unchanged.
        look_back: Whether to write one draft a month to yourself: whom you reached, who answered, who is due.
        examples: A file with mails of yours that shows the model how you write.
        model: A language model that may rewrite drafts; none, if left out.
    """

    account: str = ""
    templates: str = ""
    learn_greetings: StrictBool = False
    learn_variants: StrictBool = False
    look_back: StrictBool = False
    examples: str = ""
    model: Model | None = None


@_frozen
class Service:
    """How the service runs.

    Attributes:
        every: The time between two rounds.
        notify: Whether to show a notification when drafts wait or an account needs you.
    """

    every: SpanText = Span(minutes=15)
    notify: StrictBool = True


@_frozen
class Secrets:
    """How what a sign-in leaves behind is kept.

    Attributes:
        keyring: Whether a key in the desktop's keyring encrypts it, where no credential of systemd does.
    """

    keyring: StrictBool = True


@_frozen
class Settings:
    """The whole config. `folder` is where the file lies (no key of the file): relative paths start there.

    Attributes:
        me: You.
        accounts: Where your mail and calendars are.
        rhythm: How many drafts, how many at a time, and when.
        contact: What counts as personal contact.
        circles: People who share a rhythm.
        people: Those you name yourself; always suggested.
        greetings: Which dates of the year are greeted.
        writing: How drafts are written and where they go.
        service: How the service runs.
        secrets: How what a sign-in leaves behind is kept.
        state: The folder where auld keeps what it knows, relative to this file.
    """

    me: Me = Me()
    accounts: tuple[AccountSettings, ...] = ()
    rhythm: Rhythm = Rhythm()
    contact: ContactRules = ContactRules()
    circles: tuple[Circle, ...] = ()
    people: tuple[Listed, ...] = ()
    greetings: Greetings = Greetings()
    writing: Writing = Writing()
    service: Service = Service()
    secrets: Secrets = Secrets()
    state: str = ""
    folder: Path = Path()

    def circle(self, listed: Listed | None) -> Circle | None:
        """Return the circle of a ``[[people]]`` entry, or None."""
        if listed is None or not listed.circle:
            return None
        return next((circle for circle in self.circles if circle.name == listed.circle), None)


def zone(settings: Settings) -> ZoneInfo:
    """Return the user's time zone: the configured one, else the system's, else UTC."""
    if settings.me.timezone:
        return ZoneInfo(settings.me.timezone)
    return system_zone()


def system_zone(environ: Mapping[str, str] = os.environ) -> ZoneInfo:
    """Return the system's time zone by its IANA name where it tells one ($TZ, /etc/localtime), else UTC."""
    names = [environ.get("TZ", "").lstrip(":")]
    link = Path("/etc/localtime")
    if link.is_symlink():
        names.append(str(link.resolve()).rpartition("zoneinfo/")[2])
    for name in names:
        if name:
            try:
                return ZoneInfo(name)
            except (ValueError, OSError):
                continue
    return ZoneInfo("UTC")
