"""The config as the daemon understands it: one frozen tree, validated by pydantic at the TOML border.

What each key means for the user stands in config.example.toml; `daemon.config` reads the file and tells its errors.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
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


def _hours(value: object) -> tuple[time, time]:
    if isinstance(value, tuple):
        return value
    try:
        start, end = (time.fromisoformat(part.strip()) for part in str(value).split("-"))
    except ValueError:
        raise ValueError(f'"{value}" is no stretch of hours; write it like "08:00-18:00"') from None
    if start >= end:
        raise ValueError(f'"{value}" ends before it begins; write it like "08:00-18:00"')
    return start, end


Hours = Annotated[
    tuple[time, time],
    BeforeValidator(_hours),
    PlainSerializer(lambda hours: f"{hours[0]:%H:%M}-{hours[1]:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d\d:\d\d\s*-\s*\d\d:\d\d\s*$"}),
]

_strict = ConfigDict(extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True)
_frozen = dataclass(frozen=True, slots=True, kw_only=True, config=_strict)


def _email(value: object) -> str:
    text = value.strip().lower() if isinstance(value, str) else ""
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or any(char.isspace() or char in "<>," for char in text):
        raise ValueError(f'"{value}" is no e-mail address; write it like "robin@example.com"')
    return text


Email = Annotated[str, BeforeValidator(_email), WithJsonSchema({"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$"})]


@_frozen
class News:
    """Something of the user's own to tell, while it is news."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None


@_frozen
class Me:
    """The user."""

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
    """One ``[[accounts]]`` stanza; `options` are the keys that belong to its kind, as written and validated."""

    name: str
    kind: str
    since: SpanText | None = None
    enabled: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)


@_frozen
class Rhythm:
    """How many drafts, how many at a time, and when."""

    goal: Annotated[int, Field(ge=0, le=200)] = 8
    open: Annotated[int, Field(ge=0, le=100)] = 5
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    hours: Hours = (time(8), time(18))
    learn: bool = True
    horizon: SpanText = Span(days=14)
    dormant: SpanText = Span(months=60)


@_frozen
class ContactRules:
    """What counts as personal contact."""

    max_people: Annotated[int, Field(ge=1, le=MAX_PEOPLE_LIMIT)] = 6
    ignore: tuple[str, ...] = ()


@_frozen
class Circle:
    """People who share a rhythm."""

    name: Annotated[str, Field(min_length=1)]
    every: SpanText | None = None
    occasions: tuple[Occasion, ...] = ()
    language: Language | None = None
    formality: Formality | None = None


@_frozen
class Listed:
    """One ``[[people]]`` entry."""

    name: str = ""
    emails: tuple[Email, ...] = ()
    circle: str = ""
    every: SpanText | None = None
    relation: Relation | None = None
    role: str = ""
    greeting: str = ""
    birthday: date | None = None
    language: Language | None = None
    formality: Formality | None = None
    city: str = ""
    never: bool = False
    tags: tuple[str, ...] = ()


@_frozen
class Greetings:
    """Which dates of the year are greeted."""

    new_year: bool = True
    birthdays: bool = True


@_frozen
class Model:
    """An OpenAI-compatible endpoint that may rewrite drafts."""

    url: str
    model: str
    key_command: str = ""


@_frozen
class Writing:
    """How drafts are written and where they go."""

    account: str = ""
    templates: str = ""
    learn_greetings: bool = False
    learn_variants: bool = False
    look_back: bool = False
    examples: str = ""
    model: Model | None = None


@_frozen
class Service:
    """How the service runs."""

    every: SpanText = Span(minutes=15)
    notify: bool = True


@_frozen
class Settings:
    """The whole config. `folder` is where the file lies: relative paths start there."""

    me: Me = Me()
    accounts: tuple[AccountSettings, ...] = ()
    rhythm: Rhythm = Rhythm()
    contact: ContactRules = ContactRules()
    circles: tuple[Circle, ...] = ()
    people: tuple[Listed, ...] = ()
    greetings: Greetings = Greetings()
    writing: Writing = Writing()
    service: Service = Service()
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


def system_zone() -> ZoneInfo:
    """Return the system's time zone by its IANA name where it tells one ($TZ, /etc/localtime), else UTC."""
    import os  # noqa: PLC0415 -- only needed when the config names no zone

    names = [os.environ.get("TZ", "").lstrip(":")]
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
