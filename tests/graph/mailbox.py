"""One Outlook mailbox, and what its user does there."""

import random
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal

from tests.google.clock import Clock
from tests.graph import names
from tests.graph.changes import Change, Sending
from tests.graph.folders import WELL_KNOWN, Folder, Shelf, known_as
from tests.graph.locks import locked
from tests.graph.messages import Message, Person, people, person

OWN_ID = "<AM9PR{:08x}@eurprd05.mail.example.com>"


class Mailbox:
    """The state of one mailbox; ids that go in and out here are immutable ones. Any thread may do what the user does.

    `deletes`: where a DELETE puts a message, "deleteditems" or "gone" (what is deleted there already is gone).
    `sending`: see `Sending`. `moved_reason`: what a folder's delta says of a message that moved away.
    """

    def __init__(self, clock: Clock, address: str, lock: AbstractContextManager[object]) -> None:
        self.clock = clock
        self.address = address
        self.owner: Person = ("Robin Park", address)
        self.lock = lock
        self.messages: dict[int, Message] = {}
        self.folders: dict[str, Folder] = {}
        self.shelf = Shelf()
        self.changes: list[Change] = []
        self.named: dict[str, tuple[int, ...]] = {}  # internetMessageId -> serials
        self.deletes: Literal["deleteditems", "gone"] = "deleteditems"
        self.moved_reason: Literal["deleted", "changed"] = "deleted"
        self.sending = Sending()
        self._conversations: dict[str, int] = {}
        self._under_way: list[tuple[float, Message]] = []
        self._serial = 0
        self._version = 0
        self._rng = random.Random(11)
        root: Folder | None = None
        for known, name in WELL_KNOWN.items():
            folder = self._folder(name, known, root)
            root = root or folder

    # Folders.

    def _folder(self, name: str, known: str, parent: Folder | None) -> Folder:
        folder = Folder(len(self.folders) + 1, name, known, parent)
        self.folders[folder.id] = folder
        return folder

    @locked
    def add_folder(self, name: str, parent: str = "msgfolderroot") -> str:
        """Make a folder of the user's; return its id."""
        return self._folder(name, "", self.folder(parent)).id

    def folder(self, name: str) -> Folder:
        """Return a folder by id or well-known name; raise KeyError if there is none."""
        found = self.folders.get(name)
        return found or known_as(self.folders.values(), name)

    # Putting in.

    @locked
    def deliver(
        self,
        sender: str,
        to: Sequence[str],
        *,
        at: datetime | None = None,
        subject: str = "Hello",
        cc: Sequence[str] = (),
        reply_to: Sequence[str] = (),
        message_id: str = "",
        answers: Sequence[str] = (),
        headers: Iterable[tuple[str, str]] = (),
        body: str = "Hello",
        html: bool = False,
        folder: str = "inbox",
        kind: str = "",
        sent: datetime | None = None,
    ) -> str:
        """Lay down a mail that was received, or was sent if `folder` is "sentitems"; return its immutable id.

        `answers` are the Message-IDs of In-Reply-To and References: they make the conversation. `headers` are besides
        those that follow from the rest. `at` may be finer than a second.
        """
        at = at or self.clock.now()
        message = self.make(self.folder(folder), at, subject, message_id, answers)
        message.sent = sent or at
        message.sender, message.to, message.cc = person(sender), people(to), people(cc)
        message.reply_to, message.body, message.html, message.kind = people(reply_to), body, html, kind
        message.read = folder == "sentitems"
        usual = [("From", sender), ("To", ", ".join(to)), ("Subject", subject), ("Message-ID", message.message_id)]
        message.headers = (*usual, *headers)
        self.add(message)
        return message.id(immutable=True)

    def make(
        self, folder: Folder, at: datetime, subject: str, message_id: str = "", answers: Sequence[str] = ()
    ) -> Message:
        """Return a new message, not yet in the mailbox."""
        self._serial += 1
        own = message_id or OWN_ID.format(self._serial)
        known = (self._conversations[one] for one in reversed(answers) if one in self._conversations)
        conversation = next(known, self._serial)
        return Message(self._serial, folder, at, at, subject, own, conversation, version=self.next_version())

    def next_version(self) -> int:
        self._version += 1
        return self._version

    def add(self, message: Message, *, note: bool = True) -> None:
        """Put a message where it says it lies."""
        self.messages[message.serial] = message
        entry = (message.received, message.serial)
        self.shelf.add(entry)
        message.folder.shelf.add(entry)
        self.know(message)
        if note:
            self.changes.append(Change(message.folder, message.serial, message.generation))

    def know(self, message: Message) -> None:
        """Let a message be found by its internetMessageId, and its answers find its conversation."""
        self._conversations.setdefault(message.message_id, message.conversation)
        self.named[message.message_id] = (*self.named.get(message.message_id, ()), message.serial)

    def take(self, message: Message, why: Literal["deleted", "changed"]) -> None:
        """Take a message out of its folder and the mailbox."""
        del self.messages[message.serial]
        entry = (message.received, message.serial)
        self.shelf.drop(entry)
        message.folder.shelf.drop(entry)
        self.forget(message)
        self.changes.append(Change(message.folder, message.serial, message.generation, why))

    def forget(self, message: Message) -> None:
        """Let a message no more be found by its internetMessageId."""
        self.named[message.message_id] = tuple(one for one in self.named[message.message_id] if one != message.serial)

    def touch(self, message: Message) -> None:
        """Say that a message changed."""
        message.version, message.modified = self.next_version(), self.clock.now()
        self.changes.append(Change(message.folder, message.serial, message.generation))

    # Finding.

    def find(self, name: str) -> Message | None:
        """Return a message by either kind of id."""
        self.settle()
        message = self.messages.get(names.serial_of(name))
        return message if message and name in {message.id(immutable=True), message.id(immutable=False)} else None

    @locked
    def get(self, name: str) -> Message:
        """Return a message by id; raise KeyError if it is not there."""
        found = self.find(name)
        if found is None:
            raise KeyError(name)
        return found

    @locked
    def listed(self, folder: str) -> list[Message]:
        """Return the messages of a folder, oldest first."""
        self.settle()
        return [self.messages[serial] for _, serial in self.folder(folder).shelf.entries]

    @property
    def drafts(self) -> list[Message]:
        """Return the drafts in Drafts, oldest first."""
        return self.listed("drafts")

    # What the user does.

    @locked
    def write_draft(self, to: Sequence[str], subject: str = "Hello", body: str = "Hello", message_id: str = "") -> str:
        """Begin a draft in another mail client; return its immutable id."""
        message = self.make(self.folder("drafts"), self.clock.now(), subject, message_id)
        message.draft, message.to, message.body = True, people(to), body
        self.add(message)
        return message.id(immutable=True)

    @locked
    def edit_draft(self, /, name: str, **changes: object) -> None:
        """Change fields of a draft (those of `Message`)."""
        message = self.get(name)
        for field, value in changes.items():
            setattr(message, field, value)
        self.touch(message)

    @locked
    def send_draft(self, name: str) -> None:
        """Send a draft, as the user does in a mail client."""
        self.send(self.get(name))

    def send(self, draft: Message) -> None:
        """Send a draft: its copy comes to lie in Sent Items, at once or after the lag."""
        self.take(draft, self.moved_reason)
        draft.draft, draft.folder = False, self.folder("sentitems")
        draft.generation += 1
        draft.sender = self.owner
        draft.sent = draft.received = self.clock.now()
        if not self.sending.keeps_id:
            self._serial += 1
            draft.serial = self._serial
        if not self.sending.keeps_message_id:
            draft.message_id = OWN_ID.format(self._serial + 0x1000000)
        draft.version = self.next_version()
        self._under_way.append((self.clock.tick() + self.sending.lag, draft))
        self.settle()

    def settle(self) -> None:
        """Let what was sent arrive in Sent Items, if it is time."""
        now = self.clock.tick()
        arrived = [message for until, message in self._under_way if until <= now]
        self._under_way = [(until, message) for until, message in self._under_way if until > now]
        for message in arrived:
            self.add(message)

    @locked
    def move(self, name: str, folder: str) -> None:
        """Move a message."""
        self.move_to(self.get(name), self.folder(folder))

    def move_to(self, message: Message, folder: Folder) -> None:
        """Move a message: its ordinary id and its changeKey become others."""
        self.take(message, self.moved_reason)
        message.folder, message.version = folder, self.next_version()
        message.generation += 1
        self.add(message)

    @locked
    def delete_draft(self, name: str) -> None:
        """Delete a draft, as the user does: it goes where `deletes` says."""
        self.discard(self.get(name))

    def discard(self, message: Message) -> None:
        """Delete a message as DELETE does."""
        if self.deletes == "deleteditems" and message.folder.known != "deleteditems":
            self.move_to(message, self.folder("deleteditems"))
        else:
            self.take(message, "deleted")

    @locked
    def delete(self, name: str) -> None:
        """Delete a message for good."""
        self.take(self.get(name), "deleted")
