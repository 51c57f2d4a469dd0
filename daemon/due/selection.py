"""Whom auld looks after: those listed, and those it suggests (rules: "Who is suggested").

Says nothing of when; a person can be listed and muted at once, which `daemon.due.state` settles.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from fnmatch import translate
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from daemon.due.rhythm import CONTACT_DAYS
from daemon.model import Decision, Person, Standing
from daemon.settings import Circle, Settings
from daemon.spans import Span


@dataclass(frozen=True, slots=True)
class Every:
    """A rhythm that the user set, and the circle it comes from ("" if it is the person's own)."""

    span: Span
    circle: str = ""


def is_muted(person: Person, decision: Decision | None) -> bool:
    """Say whether the user wants no drafts to them, ever: muted, or ``never = true`` in the config."""
    return bool(person.listed is not None and person.listed.never) or bool(decision is not None and decision.muted)


def is_listed(person: Person, decision: Decision | None) -> bool:
    """Say whether they stand in ``[[people]]`` or were kept in ``auld review``."""
    return person.listed is not None or bool(decision is not None and decision.kept)


def circle_of(person: Person, settings: Settings, decision: Decision | None) -> Circle | None:
    """Return their circle: the one in ``[[people]]``, else the one chosen in review, if it is still in the config."""
    if person.listed is not None and person.listed.circle:
        return settings.circle(person.listed)
    if decision is None or not decision.kept or not decision.circle:
        return None
    return next((circle for circle in settings.circles if circle.name == decision.circle), None)


def every_of(person: Person, settings: Settings, decision: Decision | None) -> Every | None:
    """Return the rhythm the user set for them: the person's own, else the circle's; None: they go by their own."""
    if person.listed is not None and person.listed.every is not None:
        return Every(person.listed.every)
    circle = circle_of(person, settings, decision)
    return Every(circle.every, circle.name) if circle is not None and circle.every is not None else None


def is_ignored(person: Person, settings: Settings) -> bool:
    """Say whether any of their addresses matches ``contact.ignore``: shell patterns or plain addresses, any case."""
    if not settings.contact.ignore:
        return False
    patterns = _compile(settings.contact.ignore)
    return any(pattern.match(email) for email in person.emails for pattern in patterns)


def is_suggested(standing: Standing, settings: Settings, now: datetime, zone: ZoneInfo) -> bool:
    """Say whether they are worth a suggestion although the user never listed them.

    With ``rhythm.learn``: a counted mail from me, three contact days, a sign of life, the last contact within
    ``rhythm.dormant``, and no match of ``contact.ignore``.
    """
    return (
        settings.rhythm.learn
        and standing.sent > 0
        and len(standing.days) >= CONTACT_DAYS
        and standing.sign_of_life
        and standing.last is not None
        and standing.last.at >= settings.rhythm.dormant.before(now, zone)
        and not is_ignored(standing.person, settings)
    )


_CONFIGS_KEPT: Final = 4


@lru_cache(maxsize=_CONFIGS_KEPT)
def _compile(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(translate(pattern.strip()), re.IGNORECASE) for pattern in patterns)
