"""What a draft is about, and who gets one without being due: birthdays, New Year, and what the user noted.

Every hold applies to all of these; the caller leaves out who is held.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from daemon.due.days import local_date, write_date
from daemon.due.filing import Filing, latest_decision
from daemon.due.history import newest_first
from daemon.due.order import rank_greeted
from daemon.due.selection import circle_of, is_listed, is_suggested
from daemon.due.workdays import is_working_day
from daemon.model import Decision, DraftRecord, Standing, Status, Wish
from daemon.settings import Occasion, Settings
from daemon.spans import Span

_FIRST: Final = (12, 27)
_LAST: Final = (1, 10)
_RECENT: Final = Span(months=36)
_EARLY: Final = 5  # days before a birthday from which on its draft is made, if no working day is nearer
_SAME_BIRTHDAY: Final = timedelta(days=60)
_DEFAULT: Final[tuple[Occasion, ...]] = ("lunch", "catch-up")
_TELL: Final[Mapping[Occasion, Callable[["Around", Standing], bool]]] = {
    "lunch": lambda around, standing: around.near(standing),
    "news": lambda around, standing: around.has_news(standing),
}
MATTERS: Final[Mapping[Occasion, Wish]] = {"reference": Wish.REFERENCE, "congratulations": Wish.PROMOTED}
"""The occasions that a note of the user's makes, in the order in which they come, and the note's kind."""


@dataclass(frozen=True, slots=True)
class Around:
    """What bears on the occasions of everybody: the config, the clock, and what is at hand to tell.

    `wishes` tells for what the user's notes for a person are that no draft has told yet; `has_news` whether there is
    news of the user's that a person was not told; `near` whether both live in one city.
    """

    settings: Settings
    now: datetime
    zone: ZoneInfo
    wishes: Callable[[Standing], frozenset[Wish]] = lambda _: frozenset()
    has_news: Callable[[Standing], bool] = lambda _: False
    near: Callable[[Standing], bool] = lambda _: False

    @property
    def today(self) -> date:
        """The local day."""
        return local_date(self.now, self.zone)


def choose_occasion(
    standing: Standing, around: Around, decision: Decision | None, records: Sequence[DraftRecord]
) -> Occasion:
    """Return what a draft to somebody is about.

    What the user noted comes first, then dates, then what is owed to them. Else what their circle prefers, or lunch
    with who lives near, then a catch-up; nothing but a catch-up twice in a row. A circle whose ``occasions`` leave
    new-year out keeps its people from it when they are due.
    """
    if wished := wished_occasion(standing, around):
        return wished
    circle = circle_of(standing.person, around.settings, decision)
    preferred = circle.occasions if circle is not None else ()
    if is_birthday_turn(standing, around, records):
        return "birthday"
    if (not preferred or "new-year" in preferred) and is_new_year_turn(standing, around, decision, records):
        return "new-year"
    if standing.owed:
        return "sorry-for-the-silence"
    last = next((record.occasion for record in newest_first(records) if record.status is not Status.WITHDRAWN), None)
    for occasion in preferred or _DEFAULT:
        if occasion == "catch-up" or (occasion != last and occasion in _TELL and _TELL[occasion](around, standing)):
            return occasion
    return "catch-up"


def wished_occasion(standing: Standing, around: Around) -> Occasion | None:
    """Return what the user's notes ask for: a reference before congratulations; None for neither."""
    wishes = around.wishes(standing)
    return next((occasion for occasion, wish in MATTERS.items() if wish in wishes), None)


# -- New Year ----------------------------------------------------------------------------------------------------------


def new_year_at(day: date) -> int | None:
    """Return the year that is greeted on a local day, None outside 27 December to 10 January."""
    if (day.month, day.day) >= _FIRST:
        return day.year + 1
    return day.year if (day.month, day.day) <= _LAST else None


def is_new_year_turn(
    standing: Standing, around: Around, decision: Decision | None, records: Sequence[DraftRecord]
) -> bool:
    """Say whether a person gets a new-year greeting now; `records` are the drafts to them.

    With ``greetings.new_year``, for those listed, and those suggested with contact in three years; once each winter,
    whatever became of the draft; and not to whom I have been in contact with since 27 December: an open greeting would
    be withdrawn for that, so none is made.
    """
    settings, now, zone = around.settings, around.now, around.zone
    year = new_year_at(around.today)
    if year is None or not settings.greetings.new_year:
        return False
    if any(
        record.occasion == "new-year" and new_year_at(local_date(record.created_at, zone)) == year for record in records
    ):
        return False
    if standing.days and new_year_at(date.fromordinal(standing.days[-1])) == year:
        return False
    if is_listed(standing.person, decision):
        return True
    recent = standing.last is not None and standing.last.at >= _RECENT.before(now, zone)
    return recent and is_suggested(standing, settings, now, zone)


def new_year_candidates(
    standings: Iterable[Standing], around: Around, decisions: Filing[Decision], records: Filing[DraftRecord]
) -> list[Standing]:
    """Return whose turn for a new-year greeting it is, due or not: listed before suggested, by depth, by name."""
    if new_year_at(around.today) is None:
        return []
    found = []
    for standing in standings:
        decision = latest_decision(decisions.of(standing.person))
        if is_new_year_turn(standing, around, decision, records.of(standing.person)):
            found.append((rank_greeted(standing, decision, around.now, around.zone), standing))
    return [standing for _, standing in sorted(found, key=lambda one: one[0])]


def write_new_year_reason(standing: Standing, zone: ZoneInfo) -> str:
    """Return why a person gets a greeting, in one sentence."""
    last = f"last contact {write_date(standing.last.at, zone)}" if standing.last is not None else "no contact yet"
    return f"a new-year greeting, once each winter: {last}"


# -- birthdays ---------------------------------------------------------------------------------------------------------


def next_birthday(born: date, today: date) -> date:
    """Return the next birthday from `today` on, today's included; 29 February is kept on the 28th."""
    return min(day for year in (today.year, today.year + 1) if (day := _in_year(born, year)) >= today)


def is_birthday_turn(standing: Standing, around: Around, records: Sequence[DraftRecord]) -> bool:
    """Say whether a person gets birthday wishes now: on the day, or on the last working day before it.

    With ``greetings.birthdays``, for those whose birthday the config tells; once each, whatever became of the draft.
    """
    listed, today = standing.person.listed, around.today
    if listed is None or listed.birthday is None or not around.settings.greetings.birthdays:
        return False
    day = next_birthday(listed.birthday, today)
    if (day - today).days > _EARLY:
        return False
    rhythm, country = around.settings.rhythm, around.settings.me.country
    later = (today + timedelta(days=ahead) for ahead in range(1, (day - today).days + 1))
    if any(is_working_day(one, rhythm, country) for one in later):
        return False
    return not any(
        record.occasion == "birthday" and abs(around.now - record.created_at) < _SAME_BIRTHDAY for record in records
    )


def write_birthday_reason(standing: Standing, around: Around) -> str:
    """Return why a person gets birthday wishes, in one sentence."""
    listed = standing.person.listed
    assert listed is not None
    assert listed.birthday is not None
    day = next_birthday(listed.birthday, around.today)
    return "it is their birthday" if day == around.today else f"their birthday is on {day.day} {day:%B}"


def _in_year(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
