"""One Gmail mailbox, and what its user does there."""

from base64 import b64encode
from collections.abc import Hashable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

from tests.google.clock import Clock
from tests.google.history import History
from tests.google.index import Index
from tests.google.messages import Fields, Message, moment_of, subject_of

CATEGORIES = {f"CATEGORY_{name}" for name in ("PERSONAL", "SOCIAL", "PROMOTIONS", "UPDATES", "FORUMS")}
SYSTEM = CATEGORIES | {"INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT", "CHAT"}
FIRST = 0x18C0000000000000
Bulk = tuple[Mapping[str, str], Iterable[str], datetime, Hashable]


class Mailbox:
    """The state of one mailbox. Every method is safe from any thread; ids are as Gmail's.

    `headers` says how values are told: "decoded" to text, or "raw". `history_labels` says whose labels history shows:
    those of "then", or the present ones.
    """

    def __init__(self, clock: Clock, address: str, lock: AbstractContextManager[object]) -> None:
        self.clock = clock
        self.address = address
        self.lock = lock
        self.messages: dict[str, Message] = {}
        self.drafts: dict[str, str] = {}  # draft id -> message id, in the order they were made
        self.labels = set(SYSTEM)
        self.index = Index()
        self.history = History()
        self.headers: Literal["decoded", "raw"] = "decoded"
        self.history_labels: Literal["then", "now"] = "then"
        self._known: dict[str, str] = {}  # Message-ID -> thread
        self._subjects: dict[str, str] = {}  # thread -> subject of its first message
        self._next = 0

    # Putting in and taking out.

    def _name(self) -> str:
        self._next += 1
        return f"{FIRST + self._next * 0x1F35:016x}"

    def _add(self, message: Message) -> str:
        self.messages[message.id] = message
        self.labels |= message.labels
        self._know(message)
        self.index.add(message)
        self.history.note("messageAdded", message)
        return message.id

    def _know(self, message: Message) -> None:
        self._subjects.setdefault(message.thread, message.subject)
        if name := message.message_id:
            self._known[name] = message.thread

    def _remove(self, name: str) -> Message:
        message = self.messages.pop(name)
        self.index.drop(message)
        self.history.note("messageDeleted", message)
        if message.thread not in self.index.threads:
            self._subjects.pop(message.thread, None)
        return message

    def _thread(self, message: Message) -> str:
        """Return the thread Gmail files a message in: that of one it refers to, under the same subject."""
        for name in message.answers:
            thread = self._known.get(name)
            if thread in self.index.threads and self._subjects[thread] == message.subject:
                return thread
        return message.id

    def fits(self, source: bytes, thread: str) -> bool:
        """Say whether a message may be put into a thread: it refers to one of its messages, under the same subject."""
        message = Message("", thread, source, (), 0)
        known = {self.messages[name].message_id for _, name in self.index.threads[thread]} - {""}
        return not known.isdisjoint(message.answers) and message.subject == self._subjects[thread]

    def _put(self, source: bytes, labels: Iterable[str], at: int | None = None, thread: str | None = None) -> str:
        message = Message(self._name(), "", source, labels, self.clock.milliseconds() if at is None else at)
        if thread and thread not in self.index.threads:
            raise KeyError(f"no thread {thread}")
        message.thread = self._thread(message) if thread is None else thread or message.id
        return self._add(message)

    # What happens to mail.

    def deliver(
        self,
        raw: bytes,
        labels: Iterable[str] = ("INBOX", "UNREAD"),
        at: datetime | None = None,
        thread: str | None = None,
    ) -> str:
        """Let a mail arrive; return its id. `at` is its internalDate (else its Date, else now)."""
        with self.lock:
            return self._put(raw, labels, moment_of(raw) if at is None else int(at.timestamp() * 1000), thread)

    def bulk(self, entries: Iterable[Bulk]) -> list[str]:
        """Put many messages in as they have lain there for long: no history. Return their ids.

        An entry is (headers, labels, internalDate, key): those of equal key share a thread, None has one of its own.
        """
        with self.lock:
            threads: dict[Hashable, str] = {}
            put = []
            for headers, labels, at, key in entries:
                name = self._name()
                thread = name if key is None else threads.setdefault(key, name)
                fields: Fields = tuple(headers.items())
                put.append(Message(name, thread, fields, labels, int(at.timestamp() * 1000)))
            self.history.forget()
            for message in put:
                message.history = self.history.now
                self.messages[message.id] = message
                self.labels |= message.labels
                self._know(message)
            self.index.load(put)
            return [message.id for message in put]

    def delete(self, name: str) -> None:
        """Delete a message for good."""
        with self.lock:
            self._remove(name)
            self.drafts = {draft: one for draft, one in self.drafts.items() if one != name}

    def trash(self, name: str) -> None:
        """Move a message to the bin."""
        self.relabel(name, add=("TRASH",), remove=("INBOX",))

    def relabel(self, name: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Put labels on and take labels off."""
        with self.lock:
            message = self.messages[name]
            new, old = set(add) - message.labels, set(remove) & message.labels
            self.labels |= new
            if new:
                self.index.label(message, new)
                message.labels |= new
                self.history.note("labelAdded", message, new)
            if old:
                self.index.unlabel(message, old)
                message.labels -= old
                self.history.note("labelRemoved", message, old)

    def expire_history(self) -> None:
        """Forget all history: an id from before now is expired."""
        with self.lock:
            self.history.forget()

    # Drafts.

    def draft(self, draft: str) -> Message:
        """Return the message of a draft."""
        return self.messages[self.drafts[draft]]

    def write_draft(self, raw: bytes, thread: str | None = None) -> str:
        """Let a draft be written; return the draft's id. None: Gmail finds its thread; ``""``: it has its own."""
        with self.lock:
            name = self._put(self._dressed(raw), ("DRAFT",), thread=thread)
            draft = f"r{'-' if len(self.messages) % 2 else ''}{int(name, 16) * 5}"
            self.drafts[draft] = name
            return draft

    def _dressed(self, raw: bytes) -> bytes:
        """Return a message with what Gmail adds where it lacks it."""
        bare = Message("", "", raw, (), 0)
        added = b""
        if not bare.message_id:
            added += f"Message-ID: <CA-{self._next:06}@mail.example.com>\r\n".encode()
        if not bare.header("date"):
            added += f"Date: {format_datetime(self.clock.now())}\r\n".encode()
        return added + raw

    def _replace(self, draft: str, raw: bytes, thread: str) -> None:
        """Give a draft another message, in `thread`, ``""`` for one of its own."""
        before = self._remove(self.drafts[draft])
        message = Message(self._name(), thread, raw, before.labels, self.clock.milliseconds())
        message.thread = thread or message.id
        self.drafts[draft] = self._add(message)

    def update_draft(self, draft: str, raw: bytes, thread: str | None = None) -> None:
        """Replace a draft's message."""
        with self.lock:
            before = self.draft(draft)
            new = self._dressed(raw)
            same = Message("", "", new, (), 0).subject == before.subject
            self._replace(draft, new, thread or (before.thread if same else ""))

    def edit_draft(
        self, draft: str, body: str | None = None, subject: str | None = None, *, redate: bool = True
    ) -> None:
        """Let the user edit a draft: a new message id, with a new subject a new thread. None: as it is.

        `redate`: with Gmail's own program, which writes a new Date.
        """
        with self.lock:
            before = self.draft(draft)
            fields = before.fields
            same = subject is None or subject_of(subject) == before.subject
            raw = before.source
            if body is not None:
                fields = tuple(pair for pair in fields if not pair[0].lower().startswith("content-"))
                fields += (("Content-Type", 'text/plain; charset="utf-8"'), ("Content-Transfer-Encoding", "base64"))
            if subject is not None:
                word = subject if subject.isascii() else f"=?utf-8?b?{b64encode(subject.encode()).decode()}?="
                fields = tuple((name, word if name.lower() == "subject" else value) for name, value in fields)
            if redate:
                date = format_datetime(self.clock.now())
                fields = tuple((name, date if name.lower() == "date" else value) for name, value in fields)
            head = "".join(f"{name}: {value}\r\n" for name, value in fields)
            tail = raw.partition(b"\r\n\r\n")[2] if b"\r\n\r\n" in raw else raw.partition(b"\n\n")[2]
            if body is not None:
                tail = b64encode(body.encode()) + b"\r\n"
            self._replace(draft, f"{head}\r\n".encode() + tail, before.thread if same else "")

    def delete_draft(self, draft: str) -> None:
        """Let a draft be thrown away."""
        with self.lock:
            self._remove(self.drafts.pop(draft))

    def send_draft(self, draft: str, rewrite_message_id: bool = False, keep_id: bool = False) -> str:
        """Let the user send a draft; return the sent message's id."""
        with self.lock:
            if keep_id:
                name = self.drafts.pop(draft)
                self.relabel(name, add=("SENT",), remove=("DRAFT",))
                return name
            before = self._remove(self.drafts.pop(draft))
            raw = before.source
            if rewrite_message_id:
                other = f"<CA+{before.id}@mail.example.com>"
                raw = raw.replace(before.message_id.encode(), other.encode(), 1)
            message = Message(self._name(), "", raw, before.labels - {"DRAFT"} | {"SENT"}, self.clock.milliseconds())
            message.thread = before.thread
            return self._add(message)
