"""What happens around auld at Google.

A story that is `fresh` has mails that are put away before auld saw them: only Gmail's history tells of those, so there
it must not expire.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.torture import provider_story
from tests.torture.archive import ROBIN
from tests.torture.google_world import PERSONAL, PROMOTIONS, ROBINS_WORK, SPAM
from tests.torture.provider_story import Act


class Teller(provider_story.Teller):
    """Makes up a story."""

    calendar = "garden@group.example.com"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._calendars = [ROBIN, ROBINS_WORK]

    # -- mail ----------------------------------------------------------------------------------------------------------

    def _arrive(self, *, fresh: bool) -> list[Act]:
        dice, key = self._dice, self._key()
        labels = dice.choice((
            ("INBOX",), ("INBOX", "UNREAD"), ("INBOX", PERSONAL), ("INBOX", PROMOTIONS), ("INBOX", "CATEGORY_SOCIAL"),
            ("INBOX", "CATEGORY_UPDATES"), (SPAM,), ("Label_7",),
        ))  # fmt: skip
        if dice.random() < 0.2:
            return [Act("newsletter", (key, labels))]
        acts = [self._mail(key, labels)]
        if fresh and dice.random() < 0.5:
            acts.append(Act("relabel", (key, *dice.choice((
                ((), ("INBOX",)), (("TRASH",), ("INBOX",)), ((SPAM,), ("INBOX",)), ((PROMOTIONS,), (PERSONAL,)),
                (("INBOX",), (SPAM,)), ((), ("UNREAD",)),
            )))))  # fmt: skip
        return acts

    def _write(self) -> list[Act]:
        return [self._mail(self._key(), ("SENT",))]

    def _move(self) -> list[Act]:
        moves: Sequence[tuple[Sequence[str], Sequence[str], Sequence[str]]] = (
            ((), ("INBOX",), ("INBOX",)),
            (("TRASH",), ("INBOX",), ()),
            ((SPAM,), ("INBOX",), ("INBOX",)),
            ((PROMOTIONS,), (PERSONAL,), ("INBOX",)),
            ((PERSONAL,), (PROMOTIONS,), (PROMOTIONS,)),
            (("INBOX",), (SPAM,), (SPAM,)),
            (("INBOX",), ("TRASH",), ("TRASH",)),
            (("Label_9",), (), ()),
        )
        add, remove, having = self._dice.choice(moves)
        return [Act("relabel_old", (self._dice.random(), add, remove, having))]

    # -- drafts --------------------------------------------------------------------------------------------------------

    def _send(self) -> list[Act]:
        dice = self._dice
        return [self._touch("send", rewrite_message_id=dice.random() < 0.3, keep_id=dice.random() < 0.2)]

    # -- meetings ------------------------------------------------------------------------------------------------------

    def _put(self, calendar: str, key: str, place: int, at: datetime, **more: Any) -> Act:
        answer = self._dice.choice(("accepted", "accepted", "tentative", "declined", "needsAction"))
        return Act("meet", (calendar, key, place, at, answer), tuple(more.items()))

    def _meet(self) -> list[Act]:
        dice, calendar = self._dice, self._dice.choice(self._calendars)
        self._count += 1
        key, place, at = f"event{self._count:04}", dice.randrange(14), self._when()
        if dice.random() < 0.7:
            self._met[key] = calendar
            return [self._put(calendar, key, place, at)]
        acts = []
        for week in range(4):
            one = at + timedelta(weeks=week)
            name = f"{key}_{one:%Y%m%dT%H%M%SZ}"
            self._met[name] = calendar
            more = {"recurringEventId": key, "originalStartTime": {"dateTime": one.isoformat()}}
            acts.append(self._put(calendar, name, place, one, **more))
        return acts

    def _call_off(self, key: str) -> Act:
        return Act("cancel", (self._met.pop(key), key), (("only_id", self._dice.random() < 0.5),))
