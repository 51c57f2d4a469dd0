"""The Drafts folder of a Gmail account. Puts drafts there, finds them, takes them back; no more.

A draft's id stays; the id of the message in it is another after each edit, and so tells one. Nothing is written twice:
a draft whose creation got no answer is looked for by its Message-ID first.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from typing import Any, Final

from connectors.errors import BadReply
from connectors.gmail.calls import Call
from connectors.gmail.facts import LEFT_OUT, page_after, read_note, rows, text
from connectors.gmail.faults import Internal, Lost, Missing, Rejected
from connectors.gmail.mail import Line
from connectors.mime.addresses import parse_addresses
from connectors.mime.dates import to_datetime
from connectors.mime.fields import make_header
from connectors.mime.reading import read_message
from connectors.types import DraftRef, NewDraft

_PAGE: Final = 10
_GONE: Final = LEFT_OUT - {"DRAFT"}


class GmailDrafts:
    """Drafts of one account."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def create(self, draft: NewDraft) -> DraftRef:
        """Put `draft` there, in the thread it answers if Gmail knows that.

        Raises:
            Refused: it cannot be written as a message, or Google refuses.
            LoginNeeded, SettingsError: as they are named.
            Unavailable, BadReply: there was no answer; it may be there all the same.
        """
        from connectors.mime.writing import write_draft  # noqa: PLC0415 -- slow to import, and most runs write nothing

        raw = urlsafe_b64encode(write_draft(draft)).decode("ascii")
        thread = draft.thread if draft.in_reply_to else ""
        try:
            document = self._create(raw, thread)
            return DraftRef(
                text(document, "id"), draft.key, read_note(document.get("message") or {}).id, (draft.to.email,),
                draft.subject, draft.written_at,
            )  # fmt: skip
        except Internal as err:
            raise _outward(err) from err

    def _create(self, raw: str, thread: str) -> Mapping[str, Any]:
        calls, gmail = self._line.calls, self._line.gmail
        if thread:
            try:
                return calls.write(gmail.create_draft(raw, thread))
            except (Missing, Rejected):
                pass  # not done: the thread is gone, or another account's
        return calls.write(gmail.create_draft(raw, ""))

    def get(self, ref: DraftRef) -> DraftRef | None:
        """Return the draft as it lies there now, None if it is gone."""
        try:
            (document,) = self._line.calls.read_all([self._line.gmail.draft(ref.id)])
            return None if document is None else _reference(document)
        except Internal as err:
            raise _outward(err) from err

    def find(self, key: str) -> DraftRef | None:
        """Return the draft whose Message-ID is `key`, or None."""
        return next((ref for ref in self.all() if ref.key == key), None)

    def withdraw(self, ref: DraftRef) -> bool:
        """Delete the draft if it is as `ref` says; False, and nothing done, if not."""
        now = self.get(ref)
        if now is None or now.revision != ref.revision:
            return False
        try:
            self._line.calls.write(self._line.gmail.delete_draft(ref.id))
        except Missing:
            return False
        except Internal as err:
            raise _outward(err) from err
        return True

    def all(self) -> Iterator[DraftRef]:
        """Yield every draft, the user's own among them, the newest first."""
        try:
            for page in self._pages():
                for document in self._line.calls.read_all(page):
                    ref = None if document is None else _reference(document)
                    if ref is not None:
                        yield ref
        except Internal as err:
            raise _outward(err) from err

    def _pages(self) -> Iterator[list[Call]]:
        token: str | None = None
        while True:
            document = self._line.calls.read(self._line.gmail.drafts(token))
            calls = [self._line.gmail.draft(text(row, "id")) for row in rows(document, "drafts")]
            for start in range(0, len(calls), _PAGE):
                yield calls[start : start + _PAGE]
            token = page_after(document, token)
            if token is None:
                return


def _reference(document: Mapping[str, Any]) -> DraftRef | None:
    """Return the draft that a document (format "metadata") tells of, None if it lies in the trash."""
    message = document.get("message") or {}
    note = read_note(message)
    if not note.labels.isdisjoint(_GONE):
        return None
    try:
        headers = [(one["name"], one["value"]) for one in (message.get("payload") or {}).get("headers") or ()]
        header = make_header(headers)
        blind = make_header([("To", value) for name, value in headers if name.lower() == "bcc"])
    except (LookupError, TypeError, AttributeError) as err:
        raise Lost("Gmail gave a draft that cannot be understood.", bad=True) from err
    emails: dict[str, None] = {}
    for value in (header.fields.get("to", ""), header.fields.get("cc", ""), blind.fields.get("to", "")):
        emails |= dict.fromkeys(email for email, _ in parse_addresses(value))
    row = read_message(b"", header)
    key, dated, subject = (row[0], row[1], row[5]) if row is not None else ("", None, "")
    return DraftRef(text(document, "id"), key, note.id, tuple(emails), subject, to_datetime(dated))


def _outward(err: Internal) -> Exception:
    """Return the error that leaves the connector for one that may not."""
    if isinstance(err, Lost):
        return err.outward()
    return BadReply(f"Gmail refuses a call about drafts as wrong ({type(err).__name__}).")
