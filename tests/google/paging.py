"""Pages and sync tokens of the Calendar API."""

import secrets
from dataclasses import dataclass
from typing import Any

from tests.google.answers import Json, Refusal, bad, error
from tests.google.asking import Ask
from tests.google.calendar import Calendars
from tests.google.tokens import seal, unseal

GONE = "Sync token is no longer valid, a full sync is required."

Keyed = list[tuple[Any, Json]]  # by ascending keys; a page goes on after the last one's


@dataclass(frozen=True, slots=True)
class Sync:
    """A sync token: the step it was given at, and what of the first request it carries on."""

    step: int
    kept: list[Any]


def sync_of(ask: Ask, kind: str, bound: int, expired: int) -> Sync | None:
    """Return the sync token of a call, None if it has none; one that is dead or another's is refused."""
    if "syncToken" not in ask.params:
        return None
    parts = unseal(kind, ask.params["syncToken"])
    if parts is None:
        raise bad("Invalid sync token value.", "invalid", "syncToken")
    if parts[1] < expired:
        raise Refusal(error(410, GONE, "fullSyncRequired", domain="calendar", location="syncToken"))
    if parts[0] != bound:
        raise bad("The parameters differ from those the sync token was given for.", "invalid", "syncToken")
    return Sync(parts[1], parts[2])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a listing stands: as of which step it is, how many pages were told, and the last key told."""

    step: int
    pages: int = 0
    last: Any = None


def place_of(ask: Ask, kind: str, bound: int, step: int) -> Place:
    """Return where a call goes on: from its page token, or at the beginning."""
    parts = ask.page(kind, bound)
    return Place(step) if parts is None else Place(*parts)


def paged(state: Calendars, ask: Ask, kind: str, bound: int, place: Place, found: Keyed, default: int) -> Json:
    """Return the items of a page, with the token of the next one if there is one."""
    left = found if place.last is None else [one for one in found if one[0] > place.last]
    size = min(ask.params.get("maxResults", default), state.page_limit or default)
    if state.empty_every and place.pages % max(2, state.empty_every) == max(2, state.empty_every) - 1:
        size = 0
    answer: Json = {"items": [item for _, item in left[:size]]}
    if size == 0 or len(left) > size:
        last = left[size - 1][0] if size else place.last
        answer["nextPageToken"] = seal(kind, bound, place.step, place.pages + 1, last)
    return answer


def sync_token(state: Calendars, kind: str, bound: int, step: int, kept: list[Any]) -> str:
    """Return a sync token."""
    return seal(kind, bound, step, kept, *([secrets.token_hex(4)] if state.fresh_tokens else []))
