"""The permissions auld asks Google for: the least that do the work, and why each is needed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from connectors.gmail.settings import GmailSettings

_BASE: Final = "https://www.googleapis.com/auth/"


@dataclass(frozen=True, slots=True)
class Permission:
    """One OAuth scope. `name` is its short name, `reason` what auld does with it, in words."""

    scope: str
    reason: str

    @property
    def name(self) -> str:
        """Return the scope without what all of Google's have in common."""
        return self.scope.removeprefix(_BASE)


METADATA: Final = Permission(
    _BASE + "gmail.metadata", "to see who wrote to whom and when: headers and labels, never the text of a mail"
)
READONLY: Final = Permission(
    _BASE + "gmail.readonly",
    "to see who wrote to whom and when, and how your sent mails begin, for the word that you greet people with "
    "(writing.learn_greetings in the config)",
)
COMPOSE: Final = Permission(
    _BASE + "gmail.compose",
    "to put drafts into your Drafts folder (Google has no permission for drafts alone; auld never sends)",
)
CALENDARS: Final = Permission(_BASE + "calendar.calendarlist.readonly", "to see which calendars are yours")
EVENTS: Final = Permission(_BASE + "calendar.events.readonly", "to see whom you met, and whom you will meet soon")


def permissions(settings: GmailSettings, *, greetings: bool) -> tuple[Permission, ...]:
    """Return what is asked for, for an account with these settings; `greetings`: see `connectors.base.Host`."""
    wanted = [READONLY if greetings else METADATA]
    if settings.drafts:
        wanted.append(COMPOSE)
    if settings.calendar:
        wanted += [CALENDARS, EVENTS]
    return tuple(wanted)


def missing(settings: GmailSettings, granted: Collection[str], *, greetings: bool) -> tuple[Permission, ...]:
    """Return what is asked for but was not granted; reading all includes reading headers."""
    given = {*granted, METADATA.scope} if READONLY.scope in granted else set(granted)
    return tuple(one for one in permissions(settings, greetings=greetings) if one.scope not in given)
