"""Writing mail: drafts, replies, changes, deleting; and sending, for who may."""

from typing import Any, Final, Literal

from tests.google.answers import Json, Reply
from tests.graph import messages
from tests.graph.answers import bad, conflict, missing
from tests.graph.asking import Ask
from tests.graph.extended import normal
from tests.graph.mail import MailApi
from tests.graph.messages import PROPERTIES, Message, People

RECIPIENTS: Final = {"toRecipients": "to", "ccRecipients": "cc", "bccRecipients": "bcc", "replyTo": "reply_to"}
ON_DRAFTS: Final = {*RECIPIENTS, "subject", "body", "from", "sender", "internetMessageId"}
ALWAYS: Final = {"isRead", "categories", "importance", "flag", "inferenceClassification", "isReadReceiptRequested",
                 "isDeliveryReceiptRequested", "singleValueExtendedProperties"}  # fmt: skip
ON_CREATION: Final = ON_DRAFTS | ALWAYS | {"internetMessageHeaders"}


class WritingApi:
    """Endpoints that write.

    `reply_extended`: what createReply does with extended properties in its `message`: "taken", "ignored" or "refused".
    `keeps_message_ids`: whether an internetMessageId given is taken. `honours_if_match`: whether If-Match is looked at.
    """

    def __init__(self, mail: MailApi) -> None:
        self.mail = mail
        self.mailbox = mail.mailbox
        self.reply_extended: Literal["taken", "ignored", "refused"] = "taken"
        self.keeps_message_ids = True
        self.honours_if_match = True

    def create(self, ask: Ask) -> Reply:
        given = ask.json()
        _check(given, ON_CREATION)
        folder = self.mail.folder(ask) if "folder" in ask.named else self.mailbox.folder("drafts")
        draft = self.mailbox.make(folder, self.mailbox.clock.now(), "")
        draft.draft = True
        self._fill(draft, given)
        self.mailbox.add(draft)
        return self.mail.told(ask, draft, 201)

    def create_reply(self, ask: Ask) -> Reply:
        given, answered = ask.json(), self.mail.message(ask)
        if set(given) - {"comment", "message"}:
            raise bad(f"The parameter '{min(set(given) - {'comment', 'message'})}' is not known.", "RequestBodyRead")
        message = given.get("message") or {}
        if given.get("comment") is not None and "body" in message:
            text = "The request body should contain either a comment or the body property of the message parameter."
            raise bad(text, "ErrorInvalidArgument")
        if "singleValueExtendedProperties" in message and self.reply_extended != "taken":
            if self.reply_extended == "refused":
                raise bad("Extended properties are not supported here.", "ErrorInvalidArgument")
            message = {name: value for name, value in message.items() if name != "singleValueExtendedProperties"}
        _check(message, ON_CREATION)
        subject = answered.subject if answered.subject.lower().startswith("re:") else f"RE: {answered.subject}"
        draft = self.mailbox.make(self.mailbox.folder("drafts"), self.mailbox.clock.now(), subject)
        draft.conversation, draft.draft, draft.html = answered.conversation, True, True
        draft.to = answered.reply_to or ((answered.sender,) if answered.sender else ())
        draft.body = _quoted(str(given.get("comment") or ""), answered)
        self._fill(draft, message)
        self.mailbox.add(draft)
        return self.mail.told(ask, draft, 201)

    def update(self, ask: Ask) -> Reply:
        message, given = self.mail.message(ask), ask.json()
        _check(given, ON_DRAFTS | ALWAYS)
        self._match(ask, message)
        if not message.draft and set(given) & ON_DRAFTS:
            raise bad(
                "Update operation is invalid for property of a sent message.", "ErrorInvalidPropertyUpdateSentMessage"
            )
        self.mailbox.forget(message)
        self._fill(message, given)
        self.mailbox.know(message)
        self.mailbox.touch(message)
        return self.mail.told(ask, message)

    def delete(self, ask: Ask) -> Reply:
        message = self.mail.message(ask)
        self._match(ask, message)
        self.mailbox.discard(message)
        return Reply(204)

    def move(self, ask: Ask) -> Reply:
        message, given = self.mail.message(ask), ask.json()
        try:
            self.mailbox.move_to(message, self.mailbox.folder(str(given.get("destinationId", ""))))
        except KeyError:
            raise missing() from None
        return self.mail.told(ask, message, 201)

    def send(self, ask: Ask) -> Reply:
        message = self.mail.message(ask)
        if not message.draft:
            raise bad("The operation can't be performed: the message is no draft.", "ErrorInvalidOperation")
        self.mailbox.send(message)
        return Reply(202)

    def _match(self, ask: Ask, message: Message) -> None:
        wanted = ask.headers.get("if-match")
        if self.honours_if_match and wanted not in {None, "*", message.etag}:
            raise conflict()

    def _fill(self, message: Message, given: Json) -> None:
        for name, value in given.items():
            if name in RECIPIENTS:
                setattr(message, RECIPIENTS[name], _people(name, value))
            elif name == "subject":
                message.subject = str(value or "")
            elif name == "body":
                message.body, message.html = _body(value)
            elif name in {"from", "sender"}:
                message.sender = _people(name, [value])[0]
            elif name == "internetMessageId" and self.keeps_message_ids:
                message.message_id = str(value)
            elif name == "internetMessageHeaders":
                message.headers = _headers(value)
            elif name == "isRead":
                message.read = bool(value)
            elif name == "categories":
                message.categories = tuple(value)
            elif name == "importance":
                message.importance = str(value)
            elif name == "singleValueExtendedProperties":
                message.extended = (message.extended or {}) | _extended(value)


def _check(given: Json, writable: set[str]) -> None:
    for name in given:
        if name.startswith("@odata."):
            continue
        if name not in PROPERTIES and name not in writable:
            text = f"The property '{name}' does not exist on type 'microsoft.graph.message'."
            raise bad(f"{text} Make sure to only use property names that are defined by the type.", "RequestBodyRead")
        if name not in writable:
            raise bad(f"Set action is invalid for property '{name}'.", "ErrorInvalidPropertySet")


def _shape(value: Any, kind: type, allowed: set[str], name: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, dict) and set(value) - allowed):
        raise bad(f"When trying to read '{name}', an unexpected value was found.", "RequestBodyRead")
    return value


def _people(name: str, value: Any) -> People:
    found = []
    for one in _shape(value, list, set(), name):
        who = _shape(_shape(one, dict, {"emailAddress"}, name).get("emailAddress"), dict, {"address", "name"}, name)
        address = str(who.get("address") or "")
        if "@" not in address.strip("@"):
            raise bad("At least one recipient is not valid.", "ErrorInvalidRecipients")
        found.append((str(who.get("name") or address), address))
    return tuple(found)


def _body(value: Any) -> tuple[str, bool]:
    body = _shape(value, dict, {"contentType", "content"}, "body")
    kind = str(body.get("contentType", "text")).lower()
    if kind not in {"text", "html"}:
        raise bad("Requested value was not found among those of contentType.", "RequestBodyRead")
    return str(body.get("content") or ""), kind == "html"


def _headers(value: Any) -> messages.Headers:
    several = [
        _shape(one, dict, {"name", "value"}, "internetMessageHeaders")
        for one in _shape(value, list, set(), "internetMessageHeaders")
    ]
    for one in several:
        if not str(one.get("name", "")).lower().startswith("x-"):
            text = f"The internet message header name '{one.get('name')}' should start with 'x-' or 'X-'."
            raise bad(text, "InvalidInternetMessageHeader")
    return tuple((one["name"], str(one.get("value", ""))) for one in several)


def _extended(value: Any) -> dict[str, str]:
    name = "singleValueExtendedProperties"
    several = [_shape(one, dict, {"id", "value"}, name) for one in _shape(value, list, set(), name)]
    return {normal(str(one.get("id"))): str(one.get("value")) for one in several}


def _quoted(comment: str, answered: Message) -> str:
    name, address = answered.sender or ("", "")
    to = "; ".join(f"{name} <{address}>" for name, address in answered.to)
    head = (
        f"<b>From:</b> {name} &lt;{address}&gt;<br><b>Sent:</b> {answered.sent:%A, %B %d, %Y %H:%M}<br><b>To:</b> {to}"
    )
    head = f"{head}<br><b>Subject:</b> {answered.subject}"
    return f"<html><body><div>{comment}</div><hr><div>{head}</div>{answered.body}</body></html>"
