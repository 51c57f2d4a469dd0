"""What happens around auld at Microsoft."""

from datetime import datetime
from typing import Any

from tests.torture import provider_story
from tests.torture.graph_beginning import ARCHIVE, DELETED, INBOX, JUNK, OWN, SENT
from tests.torture.provider_story import Act

_ANSWERS = ("accepted", "accepted", "tentativelyAccepted", "declined", "notResponded")


class Teller(provider_story.Teller):
    """Makes up a story. Whether it is `fresh` makes no difference here."""

    calendar = "garden"
    touches = 5

    def _several(self, day: int, hours: int, *, fresh: bool, own: bool, seen: bool) -> list[Act]:
        self._lags = (0.0, 30.0, 400.0, *((7200.0,) * 3 if seen else ()))  # the last ones outlast two looks
        return super()._several(day, hours, fresh=fresh, own=own, seen=seen)

    # -- mail ----------------------------------------------------------------------------------------------------------

    def _arrive(self, *, fresh: bool) -> list[Act]:
        del fresh
        dice, key = self._dice, self._key()
        folder = dice.choice((INBOX, INBOX, INBOX, ARCHIVE, OWN, JUNK, DELETED))
        if dice.random() < 0.2:
            return [Act("newsletter", (key, folder))]
        if dice.random() < 0.06:
            return [Act("crowd", (key,))]
        if dice.random() < 0.2:
            listed = dice.random() < 0.6
            return [Act("odd_mail", (key, dice.randrange(14), folder), (("listed", listed),))]
        return [self._mail(key, folder)]

    def _write(self) -> list[Act]:
        return [self._mail(self._key(), SENT)]

    def _move(self) -> list[Act]:
        folder = self._dice.choice((JUNK, DELETED, ARCHIVE, OWN, INBOX))
        return [Act("put_away", (self._dice.random(), folder))]

    # -- drafts --------------------------------------------------------------------------------------------------------

    def _edit(self) -> list[Act]:
        if self._dice.random() < 0.2:
            return [self._touch("move")]
        return super()._edit()

    def _send(self) -> list[Act]:
        dice = self._dice
        return [
            self._touch(
                "send", lag=dice.choice(self._lags), keeps_id=dice.random() < 0.7, keeps_message_id=dice.random() < 0.7
            )
        ]

    # -- meetings ------------------------------------------------------------------------------------------------------

    def _put(self, calendar: str, key: str, place: int, at: datetime, **more: Any) -> Act:
        return Act("meet", (calendar, key, place, at, self._dice.choice(_ANSWERS)), tuple(more.items()))

    def _meet(self) -> list[Act]:
        dice, calendar = self._dice, self._dice.choice(("main", "work"))
        self._count += 1
        key, place, at = f"event{self._count:04}", dice.randrange(14), self._when()
        how = dice.random()
        if how < 0.3:
            self._met |= {f"{key}/{week}": calendar for week in range(4)}
            return [self._put(calendar, key, place, at, weeks=4)]
        self._met[key] = calendar
        if how < 0.6:
            return [Act("be_invited", (calendar, key, place, at, dice.choice(_ANSWERS)))]
        return [self._put(calendar, key, place, at)]

    def _change(self) -> list[Act]:
        if self._met and self._dice.random() < 0.4:
            return [Act("respond", (self._dice.choice(list(self._met)), self._dice.choice(_ANSWERS)))]
        return super()._change()

    def _call_off(self, key: str) -> Act:
        del self._met[key]
        return Act("cancel", (key,), (("drop", self._dice.random() < 0.5),))
