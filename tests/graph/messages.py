"""One message, and how it is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Final

from tests.google.answers import Json
from tests.graph import names
from tests.graph.folders import Folder

Person = tuple[str, str]  # name, address
People = tuple[Person, ...]
Headers = tuple[tuple[str, str], ...]


def person(text: str) -> Person:
    """Return who "Ana Lima <ana@example.com>" is; without a name the address stands for it, as at Exchange."""
    name, address = parseaddr(text)
    return name or address, address


def people(several: Iterable[str]) -> People:
    return tuple(person(one) for one in several)


@dataclass(slots=True, eq=False)
class Message:
    """A message. `received` is finer than what is told; `generation` counts the folders it lay in before."""

    serial: int
    folder: Folder
    received: datetime
    sent: datetime
    subject: str
    message_id: str
    conversation: int
    sender: Person | None = None
    to: People = ()
    cc: People = ()
    bcc: People = ()
    reply_to: People = ()
    body: str = ""
    html: bool = False
    draft: bool = False
    read: bool = True
    kind: str = ""  # "eventMessageRequest", "eventMessageResponse": what Graph derives from message
    headers: Headers | None = None
    extended: dict[str, str] | None = None
    categories: tuple[str, ...] = ()
    importance: str = "normal"
    version: int = 0
    generation: int = 0
    modified: datetime | None = None

    def id(self, *, immutable: bool) -> str:
        if immutable:
            return names.immutable(self.serial)
        return names.ordinary(self.folder.number, self.serial, self.generation)

    @property
    def etag(self) -> str:
        return names.etag(self.version)

    @property
    def in_sent(self) -> bool:
        return self.folder.known == "sentitems"


def moment(at: datetime) -> str:
    """Return a moment as Graph tells it: whole seconds, cut off."""
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _one(who: Person) -> Json:
    return {"emailAddress": {"name": who[0], "address": who[1]}}


def _many(several: People) -> list[Json]:
    return [_one(who) for who in several]


def _body(message: Message) -> Json:
    return {"contentType": "html" if message.html else "text", "content": message.body}


TELL: Final[dict[str, Callable[[Message], Any]]] = {
    "createdDateTime": lambda it: moment(it.received),
    "lastModifiedDateTime": lambda it: moment(it.modified or it.received),
    "changeKey": lambda it: names.change_key(it.version),
    "categories": lambda it: list(it.categories),
    "receivedDateTime": lambda it: moment(it.received),
    "sentDateTime": lambda it: moment(it.sent),
    "hasAttachments": lambda _: False,
    "internetMessageId": lambda it: it.message_id,
    "subject": lambda it: it.subject,
    "bodyPreview": lambda it: it.body[:255],
    "importance": lambda it: it.importance,
    "parentFolderId": lambda it: it.folder.id,
    "conversationId": lambda it: names.conversation(it.conversation),
    "conversationIndex": lambda it: f"AQHX{it.conversation:012x}",
    "isDeliveryReceiptRequested": lambda _: None,
    "isReadReceiptRequested": lambda _: False,
    "isRead": lambda it: it.read,
    "isDraft": lambda it: it.draft,
    "webLink": lambda it: f"https://outlook.office365.com/owa/?ItemID={it.serial}&exvsurl=1&viewmodel=ReadMessageItem",
    "inferenceClassification": lambda _: "focused",
    "body": _body,
    "sender": lambda it: _one(it.sender) if it.sender else None,
    "from": lambda it: _one(it.sender) if it.sender else None,
    "toRecipients": lambda it: _many(it.to),
    "ccRecipients": lambda it: _many(it.cc),
    "bccRecipients": lambda it: _many(it.bcc),
    "replyTo": lambda it: _many(it.reply_to),
    "flag": lambda _: {"flagStatus": "notFlagged"},
}
ASKED: Final[dict[str, Callable[[Message], Any]]] = {
    "uniqueBody": _body,
    "internetMessageHeaders": lambda it: [{"name": name, "value": value} for name, value in it.headers or ()],
}  # only where $select names them
OF_BODY: Final = frozenset({"body", "bodyPreview", "uniqueBody"})  # what Mail.ReadBasic does not see
PROPERTIES: Final = frozenset({"id", *TELL, *ASKED})


def tell(
    message: Message,
    select: tuple[str, ...] | None,
    *,
    immutable: bool,
    basic: bool = False,
    headers: bool = True,
    extended: str | None = None,
) -> Json:
    """Return a message with the properties selected (None: the usual ones). `basic` leaves out what is of the body.

    `headers` says whether this answer brings internet message headers at all; sent mail never has any. `extended` is
    the id of the extended property to be expanded.
    """
    told: Json = {"@odata.etag": names.etag(message.version), "id": message.id(immutable=immutable)}
    if message.kind:
        told = {"@odata.type": f"#microsoft.graph.{message.kind}"} | told
    for name in TELL if select is None else select:
        if name == "id" or (basic and name in OF_BODY):
            continue
        if name == "internetMessageHeaders":
            if not headers or message.in_sent or not message.headers:
                continue
            told[name] = ASKED[name](message)
            continue
        value = (TELL.get(name) or ASKED[name])(message)
        if value is not None or name not in {"from", "sender"}:
            told[name] = value
    if extended is not None and message.extended and extended in message.extended:
        told["singleValueExtendedProperties"] = [{"id": extended, "value": message.extended[extended]}]
    return told
