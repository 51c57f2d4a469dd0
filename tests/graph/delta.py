"""What changed in a folder: rounds of pages, each behind an opaque token."""

import random
import secrets
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from tests.google.answers import Json, Refusal, Reply
from tests.graph.answers import bad, error
from tests.graph.asking import Ask
from tests.graph.folders import Folder
from tests.graph.mail import MailApi
from tests.graph.messages import PROPERTIES

LINKS: Final = {"$skiptoken": "@odata.nextLink", "$deltatoken": "@odata.deltaLink"}


@dataclass(frozen=True, slots=True)
class State:
    """What a token stands for: a round over a folder. `order`: the messages a first round tells, None in later ones.
    `place` is how many of them are told, `since` the first change not yet told."""

    folder: Folder
    select: tuple[str, ...] | None
    order: tuple[int, ...] | None
    place: int
    since: int
    at: float


class DeltaApi:
    """`messages/delta`.

    `shuffle`: how far, in messages, the newest-first order of a first round is disturbed. `repeats`: with what
    probability a place on a page goes to a message already told. `short_pages`: pages may hold less than was asked.
    `empty_end`: the link of a round's end comes on a page of its own. `late_changes`: what changes during a first round
    is told in the next one, not at its end. `lifetime`: seconds a token is good for (None: for ever).
    """

    def __init__(self, mail: MailApi) -> None:
        self.mail = mail
        self.shuffle = 20
        self.repeats = 0.0
        self.short_pages = False
        self.empty_end = False
        self.late_changes = False
        self.lifetime: float | None = None
        self._rng = random.Random(5)
        self._tokens: dict[str, State] = {}
        self._expired: dict[str, Reply] = {}

    def expire(self, status: int = 410, code: str = "SyncStateNotFound") -> None:
        """Forget every token there is; who comes with one is answered so: 410, or 40x, resyncRequired …"""
        gone = expired(status, code)
        self._expired |= dict.fromkeys(self._tokens, gone)
        self._tokens.clear()

    def answer(self, ask: Ask) -> Reply:
        """Answer a page of a round."""
        state = self._state(ask)
        size = ask.preferred()
        if self.short_pages:
            size = self._rng.randint(max(1, size // 2), size)
        told: list[Json] = []
        spare = self._repeated(ask, state, size, told)
        order, place = state.order or (), state.place
        lying = self.mail.mailbox.messages
        while place < len(order) and len(told) < size:
            message = lying.get(order[place])
            place += 1
            if message is not None and message.folder is state.folder:
                told.append(self.mail.tell_one(ask, message, state.select))
        after = replace(state, place=place, at=self.mail.mailbox.clock.tick())
        if place >= len(order) and (state.order is None or not self.late_changes):
            after = replace(after, since=self._changes(ask, after, size, told))
        more = place < len(order) or (after.since < self._last and not (state.order is not None and self.late_changes))
        if not more and self.empty_end and len(told) > spare:
            more = True
        name = "$skiptoken" if more else "$deltatoken"
        return self.mail.page(
            ask, told, [self._link(ask, name, after if more else replace(after, order=None, place=0))]
        )

    @property
    def _last(self) -> int:
        return len(self.mail.mailbox.changes)

    def _state(self, ask: Ask) -> State:
        given = [name for name in LINKS if name in ask.params]
        folder = self.mail.folder(ask)
        self.mail.mailbox.settle()
        now = self.mail.mailbox.clock.tick()
        if not given:
            select = ask.select(PROPERTIES, "message")
            return State(folder, select, self._order(folder), 0, self._last, now)
        if len(ask.params) > 1:
            raise bad(
                "A state token must be used as it came: no other query option goes with it.", "ErrorInvalidUrlQuery"
            )
        token = ask.params[given[0]]
        if token in self._expired:
            raise Refusal(self._expired[token])
        state = self._tokens.get(token)
        if state is None or state.folder is not folder or token[0] != given[0][1]:
            raise bad("Badly formed token.", "ErrorInvalidUrlQuery")
        if self.lifetime is not None and now - state.at > self.lifetime:
            raise Refusal(expired(410, "SyncStateNotFound"))
        return state

    def _order(self, folder: Folder) -> tuple[int, ...]:
        """Return a folder's messages, newest first but not quite."""
        reach = self.shuffle
        places = enumerate(reversed(folder.shelf.entries))
        loose = sorted((place + (self._rng.uniform(0, reach) if reach else 0), serial) for place, (_, serial) in places)
        return tuple(serial for _, serial in loose)

    def _repeated(self, ask: Ask, state: State, size: int, told: list[Json]) -> int:
        """Tell some messages again; return how many."""
        if not self.repeats:
            return 0
        known = (
            state.order[: state.place] if state.order is not None else [one[1] for one in state.folder.shelf.entries]
        )
        count = sum(self._rng.random() < self.repeats for _ in range(size - 1)) if known else 0
        for serial in self._rng.sample(known, min(count, len(known))):
            message = self.mail.mailbox.messages.get(serial)
            if message is not None and message.folder is state.folder:
                told.append(self.mail.tell_one(ask, message, state.select))
        return len(told)

    def _changes(self, ask: Ask, state: State, size: int, told: list[Json]) -> int:
        """Tell what changed, as far as the page holds; return the first change that is left."""
        mailbox, seen = self.mail.mailbox, set[int]()
        for place in range(state.since, self._last):
            change = mailbox.changes[place]
            if change.folder is not state.folder or change.serial in seen:
                continue
            message = mailbox.messages.get(change.serial)
            here = message is not None and message.folder is state.folder
            if here is bool(change.gone):
                continue  # what became of it later is told later
            if len(told) >= size:
                return place
            seen.add(change.serial)
            if message is not None and here:
                told.append(self.mail.tell_one(ask, message, state.select))
            else:
                told.append({"@removed": {"reason": change.gone}, "id": change.id(immutable=ask.immutable)})
        return self._last

    def _link(self, ask: Ask, name: str, state: State) -> tuple[str, str]:
        token = f"{name[1]}{secrets.token_urlsafe(48)}"
        self._tokens[token] = state
        # Graph names the folder in this form, whatever the request looked like.
        path = f"/v1.0/me/mailFolders('{quote(state.folder.id)}')/messages/delta"
        return LINKS[name], f"{ask.root}{path}?{name}={token}"


def expired(status: int, code: str) -> Reply:
    """Return the answer to a token that is no more."""
    return error(status, code, "The sync state generation is not found; generation=149;[highest=157][157][155][156].")
