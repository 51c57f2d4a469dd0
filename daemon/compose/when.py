"""A past moment in the words people use: "last month", "in March", "in 2023", never "127 days ago".

Months and years only. Seasons would be shorter at times, but spring in Leeds is autumn in Sydney. How a language says
it stands in the ``[when]`` table of its common.toml; the months' names are Unicode's (CLDR), unless the table has forms
of its own.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

from daemon.compose.wording import months, times
from daemon.settings import Language

_YEAR: Final = 12  # months


def when_words(at: datetime, now: datetime, zone: ZoneInfo, language: Language = "en") -> str:
    """Return words for when `at` was, seen from `now`; both aware, compared on the calendar of `zone`.

    The words fit behind a verb and between commas. A moment later than `now` is taken as now.
    """
    then, today = min(at, now).astimezone(zone), now.astimezone(zone)
    words = times(language)[_form(_YEAR * (today.year - then.year) + today.month - then.month, then, today)]
    own = months(language)
    month = own[then.month - 1] if own else get_month_names("wide", "format", language)[then.month]
    return words.replace("MONTH", month).replace("YEAR", str(then.year))


def _form(apart: int, then: datetime, today: datetime) -> str:
    """Return which of the table's forms tells a moment so many calendar months ago."""
    if apart <= 1:
        return "last_month" if apart else "this_month"
    if apart < _YEAR:
        return "month" if then.year == today.year else "past_month"
    if apart == _YEAR:
        return "year_ago"
    return "month_last_year" if then.year == today.year - 1 else "year"
