"""What the service tells the process that does a round, and what comes back: one JSON document each way.

Before its answer, that process may write dots, one a sign of life. Both sides read leniently: after an update one of
them may be older than the other.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

LIFE: Final = b"."


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done.

    `config`, `state` and `verbose` are as given on the command line, `now` only where it is not the machine's time.
    `kept` is the text of the config that was last good, None at the start: then a broken one is an error. `refused`:
    of which broken one the user was told already. `everyone`: also accounts that rest. `look`: do no round, only see
    whether one could be done.
    """

    config: str | None = None
    state: str | None = None
    verbose: bool = False
    now: datetime | None = None
    kept: str | None = None
    refused: str = ""
    everyone: bool = False
    look: bool = False

    def dump(self) -> bytes:
        """Return it as it goes over the pipe."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields | {"now": None if self.now is None else self.now.isoformat()}).encode()

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Return what was dumped."""
        fields = json.loads(data)
        known: dict[str, Any] = {name: fields[name] for name in cls.__slots__ if name in fields}
        return cls(**known | {"now": _instant(fields.get("now"))})


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done.

    `kept` and `refused` are for the next order. `every` is how many seconds lie between two rounds, `folder` the state
    folder. `done`: there was a whole round. `last_round_at`: when one last was, None if never. `words` are lines for
    the log, each with the level of `logging`; `status` is how it stands, in a few words; `trouble` is why it could not
    be done, as a sentence.
    """

    kept: str | None = None
    refused: str = ""
    every: float = 900.0
    folder: str = ""
    done: bool = False
    last_round_at: datetime | None = None
    words: tuple[tuple[int, str], ...] = ()
    status: str = ""
    trouble: str = ""

    def dump(self) -> bytes:
        """Return it as it goes over the pipe."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        last = None if self.last_round_at is None else self.last_round_at.isoformat()
        return json.dumps(fields | {"last_round_at": last}).encode()

    @classmethod
    def load(cls, data: bytes) -> Self | None:
        """Return what was dumped, after any signs of life; None if it did not come, or not whole."""
        try:
            fields = json.loads(data.lstrip(LIFE))
            known: dict[str, Any] = {name: fields[name] for name in cls.__slots__ if name in fields}
            words = tuple((int(level), str(text)) for level, text in fields.get("words", ()))
            return cls(**known | {"words": words, "last_round_at": _instant(fields.get("last_round_at"))})
        except (ValueError, TypeError, AttributeError):
            return None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
