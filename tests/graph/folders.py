"""The mail folders of a mailbox, each with its messages in order of time."""

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tests.google.answers import Json
from tests.graph import names

Entry = tuple[datetime, int]  # received, serial
WELL_KNOWN: Final = {
    "msgfolderroot": "Top of Information Store",
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "junkemail": "Junk Email",
    "archive": "Archive",
    "outbox": "Outbox",
}


class Shelf:
    """Messages in order of time."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        bisect.insort(self.entries, entry)

    def drop(self, entry: Entry) -> None:
        at = bisect.bisect_left(self.entries, entry)
        assert self.entries[at] == entry
        del self.entries[at]


@dataclass(eq=False)
class Folder:
    """A folder. `known` is its well-known name, if it has one."""

    number: int
    name: str
    known: str = ""
    parent: "Folder | None" = None
    shelf: Shelf = field(default_factory=Shelf)
    id: str = ""

    def __post_init__(self) -> None:
        self.id = names.container(self.number)


FIELDS: Final = ("displayName", "parentFolderId", "childFolderCount", "unreadItemCount", "totalItemCount", "isHidden")


def tell(folder: Folder, children: int, unread: int) -> Json:
    """Return a folder as Graph tells it."""
    return {
        "id": folder.id,
        "displayName": folder.name,
        "parentFolderId": folder.parent.id if folder.parent else folder.id,
        "childFolderCount": children,
        "unreadItemCount": unread,
        "totalItemCount": len(folder.shelf.entries),
        "isHidden": False,
    }


def known_as(folders: Iterable[Folder], name: str) -> Folder:
    """Return the folder of a well-known name; raise KeyError if there is none."""
    for one in folders:
        if name and one.known == name.lower():
            return one
    raise KeyError(name)
