"""What goes wrong in a round at Microsoft.

Left out are answers that would be lies: that a message, a folder or a calendar is not there (404) when it is; and that
one calendar of several may not be read (403), which auld rightly believes for that round, and of a calendar that it
never read for a day.
"""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from tests.graph import Call, Fault
from tests.graph.faults import HANGING, LASTING, PASSING, WRONG, meant, reset, revoked, signin, status
from tests.torture import provider_trouble
from tests.torture.graph_world import World
from tests.torture.provider_trouble import Round, Trouble

_VIEW: Final = "me.calendars.calendarView"
_MAKES: Final = ("me.messages.create", "createReply")
_LISTS: Final = frozenset({
    "messages.delta", "me.messages.list", "me.mailFolders.messages.list", "me.calendars.list", "me.get", "batch",
    "me.messages.update",
})  # fmt: skip
_CLOSED: Final = (status(403), status(403, "MailboxNotEnabledForRESTAPI"))
_NOT_THERE: Final = status(404)
_EVERYWHERE: Final = (
    status(401),
    status(410),
    status(400, "syncStateNotFound"),
    status(400, "resyncRequired"),
    revoked(),
)
_SIGNIN: Final = (
    signin("temporarily_unavailable"),
    signin("interaction_required", "basic_action"),
    signin("invalid_grant", "bad_token"),
    signin("invalid_grant", "token_expired"),
    signin("invalid_grant", "consent_required"),
    signin("invalid_client"),
)
_FORGOTTEN: Final = (
    (410, "SyncStateNotFound"),
    (410, "resyncRequired"),
    (400, "syncStateNotFound"),
    (404, "SyncStateNotFound"),
)
_LONG: Final = (status(429, retry_after=400), status(503, retry_after=400), status(429, retry_after=30))
_KINDS: Final[Sequence[tuple[int, Sequence[Fault]]]] = (
    (8, (*PASSING, *_LONG)),
    (6, WRONG),
    (1, HANGING),
)
_LASTING_WEIGHT: Final = 5


class Mischief(provider_trouble.Mischief):
    """Makes up troubles, by the dice."""

    reads = (
        "", "", "", "", "batch", "oauth.token", "oauth.metadata", "me.get", "me.mailFolders.get", "messages.delta",
        "messages.delta", "me.messages.list", "me.messages.list", "me.messages.get", "me.calendars.list", _VIEW, _VIEW,
        "me.calendars.events.list", "me.messages.delete",
    )  # fmt: skip
    drafts = (
        "me.messages.create", "me.messages.create", "createReply", "createReply", "me.messages.update",
        "me.messages.update", "me.mailFolders.messages.list", "me.messages.get", "me.messages.delete",
    )  # fmt: skip
    lasting = (*LASTING, *_EVERYWHERE)

    def __init__(self, world: World, dice: random.Random, *, fresh: bool) -> None:
        super().__init__(dice, fresh)
        self._world, self._graph = world, world.graph

    def round(self, born: "Future[int]", late: Callable[[], None], *, night: bool) -> Round:
        """Return one as everywhere, which ends more often at some writing call: a first read keeps its place often."""
        found = super().round(born, late, night=night)
        if not found.how and self.dice.random() < 0.3:
            found.how["at"] = self.dice.randrange(1, 60)
        return found

    def creates(self, call: Call) -> bool:
        """Say so also of looking for the mail to be answered."""
        looks = meant(call, "me.messages.list") and "internetMessageId" in call.query.get("$filter", [""])[0]
        return looks or any(meant(call, one) for one in _MAKES)

    def expire_access(self) -> None:
        self._graph.login.expire_access()

    def expiries(self) -> Sequence[tuple[str, Callable[[], None]]]:
        graph, how = self._graph, self.dice.choice(_FORGOTTEN)
        return [
            (f"delta tokens end with {how[0]} {how[1]}", lambda: graph.delta.expire(*how)),
            ("access expires", graph.login.expire_access),
            ("access is revoked", graph.login.revoke_all),
        ]

    def fault(self, method: str, skip: int) -> Trouble:
        dice = self.dice
        if method in _MAKES and dice.random() < 0.2:
            return Trouble(f"{method} + {skip} is done late", method, skip, 1, self._put_off)
        lasting = self._lasting(method)
        kinds = [*_KINDS, (_LASTING_WEIGHT, lasting)]
        fault = dice.choice(dice.choices([several for _, several in kinds], [weight for weight, _ in kinds])[0])
        if method == _VIEW and fault in _CLOSED:
            return self.of(fault, method, 0, 1000)
        times = 1 if fault.cut == "hang" else dice.choice((1, 1, 1, 2, 3, 7, 1000))
        return self.of(fault, method, skip, times)

    def _put_off(self, call: Call) -> Fault:
        self._world.put_off(call)
        return reset("before")

    def _lasting(self, method: str) -> Sequence[Fault]:
        """Return the refusals that may meet a call."""
        if method.startswith("oauth."):
            return _SIGNIN if method == "oauth.token" else (status(404), status(403))
        believed = () if method in {"", "me.calendars.events.list"} else _CLOSED
        return (*_EVERYWHERE, *believed, *([_NOT_THERE] if method in _LISTS else []))
