"""The endpoints of the Gmail API that make, change and tell drafts, and those that send."""

from base64 import urlsafe_b64decode

from tests.google.answers import Json, bad, missing
from tests.google.asking import Ask, Handler, hexadecimal, told
from tests.google.index import HIDDEN
from tests.google.mailbox import Mailbox
from tests.google.tokens import seal

BROKEN = "Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed"


class Drafts:
    """Answers by method id."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.handlers: dict[str, Handler] = {
            "drafts.create": self._create,
            "drafts.update": self._update,
            "drafts.list": self._list,
            "drafts.get": self._get,
            "drafts.delete": self._delete,
            "drafts.send": self._send_draft,
            "messages.send": self._send,
        }

    def _handed_in(self, message: Json) -> tuple[bytes, str | None]:
        """Return the bytes and the thread of a message that was handed in."""
        raw = message.get("raw")
        if not raw:
            raise bad("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
        if not isinstance(raw, str) or set(raw) & set("+/\r\n "):
            raise bad(BROKEN)
        try:
            source = urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
        except ValueError:
            raise bad(BROKEN) from None
        if "threadId" not in message:
            return source, None
        thread = hexadecimal(message["threadId"], "thread_id")
        if thread not in self.mailbox.index.threads:
            raise missing()
        if not self.mailbox.fits(source, thread):
            raise bad("The message does not fit its threadId: References, In-Reply-To and Subject must match.")
        return source, thread

    def _known(self, name: object) -> str:
        if not isinstance(name, str) or name not in self.mailbox.drafts:
            raise missing()
        return name

    def _brief(self, draft: str) -> Json:
        return {"id": draft, "message": self.mailbox.draft(draft).brief()}

    def _create(self, ask: Ask) -> Json:
        raw, thread = self._handed_in(ask.body.get("message", {}))
        return self._brief(self.mailbox.write_draft(raw, thread or ""))

    def _update(self, ask: Ask) -> Json:
        draft = self._known(ask.params["id"])
        raw, thread = self._handed_in(ask.body.get("message", {}))
        self.mailbox.update_draft(draft, raw, thread)
        return self._brief(draft)

    def _list(self, ask: Ask) -> Json:
        ask.refuse_search()
        binned, wanted = ask.params.get("includeSpamTrash", False), ask.params.get("maxResults", 100)
        bound = ask.bound("includeSpamTrash")
        page = ask.page("drafts", bound)
        newest_first = sorted(((name, draft) for draft, name in self.mailbox.drafts.items()), reverse=True)
        found = [
            (name, draft)
            for name, draft in newest_first
            if (page is None or name < page[0]) and (binned or HIDDEN.isdisjoint(self.mailbox.draft(draft).labels))
        ]
        answer: Json = {"resultSizeEstimate": len(found)}
        if found:
            short = [(draft, self.mailbox.messages[name].short()) for name, draft in found[:wanted]]
            answer["drafts"] = [{"id": draft, "message": message} for draft, message in short]
        if len(found) > wanted:
            answer["nextPageToken"] = seal("drafts", bound, found[wanted - 1][0])
        return answer

    def _get(self, ask: Ask) -> Json:
        form, draft = ask.form(), self._known(ask.params["id"])
        return {"id": draft, "message": told(self.mailbox, self.mailbox.drafts[draft], form, ask)}

    def _delete(self, ask: Ask) -> None:
        self.mailbox.delete_draft(self._known(ask.params["id"]))

    def _send(self, ask: Ask) -> Json:
        raw, thread = self._handed_in(ask.body)
        name = self.mailbox.deliver(raw, ("SENT",), self.mailbox.clock.now(), thread)
        return self.mailbox.messages[name].brief()

    def _send_draft(self, ask: Ask) -> Json:
        draft = self._known(ask.body.get("id"))
        return self.mailbox.messages[self.mailbox.send_draft(draft)].brief()
