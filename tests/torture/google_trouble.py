"""What goes wrong in a round at Google.

Left out are answers that would be lies: that a message or a draft is not there (404) when it is.
"""

import random
from collections.abc import Callable, Sequence
from typing import Final

from tests.google import Call, Fault, Google
from tests.google.faults import HANGING, LASTING, PASSING, WRONG, meant, status
from tests.torture import provider_trouble
from tests.torture.provider_trouble import Trouble

_EVERYWHERE: Final = tuple(fault for fault in LASTING if fault.reply != status(404).reply)
_WITHOUT_HISTORY: Final = frozenset({"events.list", "calendarList.list", "drafts.create", "drafts.get"})
_KINDS: Final[Sequence[tuple[int, Sequence[Fault]]]] = (
    (8, PASSING),
    (6, WRONG),
    (5, _EVERYWHERE),
    (1, HANGING),
)


class Mischief(provider_trouble.Mischief):
    """Makes up troubles, by the dice. `fresh`: the history must not expire."""

    reads = (
        "", "", "", "", "batch", "oauth.token", "getProfile", "messages.list", "messages.get", "threads.get",
        "history.list", "history.list", "calendarList.list", "events.list", "events.list", "drafts.get",
        "drafts.delete",
    )  # fmt: skip
    drafts = ("drafts.create", "drafts.create", "drafts.list", "drafts.list", "drafts.get", "drafts.delete")
    lasting = LASTING

    def __init__(self, google: Google, dice: random.Random, *, fresh: bool) -> None:
        super().__init__(dice, fresh)
        self._google = google

    def creates(self, call: Call) -> bool:
        return meant(call, "drafts.create")

    def expire_access(self) -> None:
        self._google.oauth.expire_access()

    def expiries(self) -> Sequence[tuple[str, Callable[[], None]]]:
        google = self._google
        return [
            ("sync tokens expire", google.calendars.expire_sync),
            ("access expires", google.oauth.expire_access),
            ("access is revoked", google.oauth.revoke_all),
            *([] if self.fresh else [("history expires", google.mailbox.expire_history)] * 2),
        ]

    def fault(self, method: str, skip: int) -> Trouble:
        dice = self.dice
        if method == "history.list" and not self.fresh and dice.random() < 0.2:
            return self.of(status(404), method, 0, 1)
        kind = dice.choices([several for _, several in _KINDS], [weight for weight, _ in _KINDS])[0]
        gone = status(410).reply
        fault = dice.choice([one for one in kind if one.reply != gone or not self.fresh or method in _WITHOUT_HISTORY])
        times = 1 if fault.cut == "hang" else dice.choice((1, 1, 1, 2, 3, 7, 1000))
        return self.of(fault, method, skip, times)
