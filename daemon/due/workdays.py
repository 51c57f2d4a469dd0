"""Days on which drafts are written: those of the config, less public holidays of the user's country."""

from datetime import date
from functools import lru_cache
from typing import Final

from daemon.settings import WEEKDAYS, Rhythm

_YEARS_KEPT: Final = 16


def is_working_day(day: date, rhythm: Rhythm, country: str = "") -> bool:
    """Say whether `day` is one of ``rhythm.days`` and no public holiday of `country` (ISO 3166, "" for none)."""
    return WEEKDAYS[day.weekday()] in rhythm.days and not public_holiday(day, country)


def public_holiday(day: date, country: str) -> str:
    """Return what holiday `day` is in `country`, "" if it is none; `country` is "NL", or "DE-BY" with its region."""
    return _of_year(country.upper(), day.year).get(day, "") if country else ""


def knows_country(country: str) -> bool:
    """Say whether the public holidays of `country` are known."""
    try:
        _of_year(country.upper(), 2000)
    except NotImplementedError:  # so the library says that it does not know a country, or a region of it
        return False
    return True


@lru_cache(maxsize=_YEARS_KEPT)
def _of_year(country: str, year: int) -> dict[date, str]:
    from holidays import country_holidays  # noqa: PLC0415 -- most configs name no country

    code, _, region = country.partition("-")
    return dict(country_holidays(code, subdiv=region or None, years=year, language="en_US"))
