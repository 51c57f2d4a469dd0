"""What happens in a mailbox, as it is noted down, and what becomes of a draft that is sent."""

from dataclasses import dataclass
from typing import Literal

from tests.graph import names
from tests.graph.folders import Folder


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened in a folder: a message is new or changed there, or `gone` from it, under these ids."""

    folder: Folder
    serial: int
    generation: int
    gone: Literal["", "deleted", "changed"] = ""

    def id(self, *, immutable: bool) -> str:
        if immutable:
            return names.immutable(self.serial)
        return names.ordinary(self.folder.number, self.serial, self.generation)


@dataclass
class Sending:
    """What becomes of a draft that is sent. `lag`: so many seconds the sent copy is nowhere. `keeps_id`: it has the
    immutable id of the draft. `keeps_message_id`: it has its internetMessageId."""

    lag: float = 0.0
    keeps_id: bool = True
    keeps_message_id: bool = True
