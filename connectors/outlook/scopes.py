"""The permissions auld asks Microsoft for: the least that do the work, and why each is needed.

They are named without Graph's address before them: so they are right in every national cloud
(https://learn.microsoft.com/graph/sdks/national-clouds#permission-scopes), and for a host that stands in for Graph.
None of them can send: what could is called otherwise, and is asked for nowhere.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from connectors.outlook.settings import OutlookSettings


@dataclass(frozen=True, slots=True)
class Permission:
    """One OAuth scope. `reason` is what auld does with it, in words."""

    name: str
    reason: str


WRITE: Final = Permission(
    "Mail.ReadWrite",
    "to see who wrote to whom and when, and to put drafts into your Drafts folder (it cannot send)",
)
# Enough for folders, messages and their changes, with all headers: it leaves out bodies, attachments and extensions
# (https://learn.microsoft.com/graph/permissions-reference#mailreadbasic).
READ: Final = Permission(
    "Mail.ReadBasic", "to see who wrote to whom and when: never the text of a mail, nor what is attached"
)
EVENTS: Final = Permission("Calendars.Read", "to see whom you met, and whom you will meet soon")
USER: Final = Permission("User.Read", "to see which addresses are yours")


def permissions(settings: OutlookSettings) -> tuple[Permission, ...]:
    """Return what is asked for, for an account with these settings."""
    wanted = [WRITE if settings.drafts else READ]
    if settings.calendar:
        wanted.append(EVENTS)
    return (*wanted, USER)


def renewed(settings: OutlookSettings, granted: Collection[str]) -> tuple[Permission, ...]:
    """Return what is asked for where something was granted before: not again, by another name, what that includes.

    `granted` may name scopes with Graph's address or without.
    """
    given = {short(one) for one in granted}
    return tuple(WRITE if one is READ and short(WRITE.name) in given else one for one in permissions(settings))


def missing(settings: OutlookSettings, granted: Collection[str]) -> tuple[Permission, ...]:
    """Return what is asked for but was not granted; `granted` may name scopes with Graph's address or without."""
    given = {short(one) for one in granted}
    return tuple(one for one in renewed(settings, granted) if short(one.name) not in given)


def short(scope: str) -> str:
    """Return a scope as it can be compared: Microsoft answers with other capitals, and with an address or without."""
    return scope.rpartition("/")[2].lower()


def listed(wanted: Collection[Permission]) -> str:
    """Return permissions and their reasons as lines for the user."""
    return "\n".join(f"  {one.name}: {one.reason}" for one in wanted)
