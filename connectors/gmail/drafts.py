"""The Drafts folder of a Gmail account. Puts drafts there, finds them, takes them back; no more.

A draft's id stays; the id of the message in it is another after each edit, and so tells one. Nothing is written twice:
a draft whose creation got no answer is looked for by its Message-ID first. What was read of a draft is remembered under
both ids: to look through the folder again is one list, and what changed.
"""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from connectors.errors import BadReply
from connectors.faults import LATER
from connectors.gmail.facts import LEFT_OUT, listed, moment, page_after, read_note, text
from connectors.gmail.faults import Internal, Lost, Missing, Rejected, odd
from connectors.gmail.mail import Line
from connectors.mime.addresses import parse_addresses
from connectors.mime.dates import to_datetime
from connectors.mime.fields import make_header
from connectors.mime.reading import read_message
from connectors.types import DraftRef, NewDraft

log = logging.getLogger(__name__)

_PAGE: Final = 10
_GONE: Final = LEFT_OUT - {"DRAFT"}
_AT_ONCE: Final = timedelta(minutes=10)
"""How long after its Date a draft that nobody touched was saved, at most: writing takes a while, and clocks differ."""


class GmailDrafts:
    """Drafts of one account."""

    creates_late = True

    def __init__(self, line: Line) -> None:
        self._line = line
        self._known: dict[str, DraftRef] = {}  # by the draft's id; its revision is the message's

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
                draft.subject, draft.written_at, as_made=True,
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
        """Return the draft as it lies there now, None if it is gone.

        Raises:
            BadReply: what Gmail tells of it cannot be understood.
            LoginNeeded, SettingsError, Unavailable, Refused: as they are named.
        """
        try:
            (document,) = self._line.calls.read_all([self._line.gmail.draft(ref.id)])
            return None if document is None else self._remember(ref.id, document)
        except Internal as err:
            raise _outward(err) from err

    def find(self, key: str) -> DraftRef | None:
        """Return the draft whose Message-ID is `key`, or None.

        Raises:
            BadReply: it is not there, unless it is one that cannot be understood.
            LoginNeeded, SettingsError, Unavailable, Refused: as they are named.
        """
        unclear: list[str] = []
        found = next((ref for ref in self._all(unclear) if ref.key == key), None)
        if found is None and unclear:
            raise BadReply(
                f"Gmail gave a draft that cannot be understood (its id is {unclear[0]}): open what lies in Drafts, and "
                "save or delete what looks odd there."
            )
        return found

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
        """Yield every draft, the user's own among them, the newest first; one that cannot be understood is left out."""
        return self._all([])

    def _all(self, unclear: list[str]) -> Iterator[DraftRef]:
        """Yield every draft that can be understood, and put the ids of the others into `unclear`."""
        try:
            for rows in self._pages(unclear):
                asked = [draft for draft, message in rows if not self._knows(draft, message)]
                told = self._line.calls.read_all([self._line.gmail.draft(draft) for draft in asked])
                gone = {
                    draft
                    for draft, document in zip(asked, told, strict=True)
                    if document is None or not self._understands(draft, document, unclear)
                }
                yield from [self._known[draft] for draft, _ in rows if draft not in gone]
        except Internal as err:
            raise _outward(err) from err

    def _pages(self, unclear: list[str]) -> Iterator[list[tuple[str, object]]]:
        """Yield the ids of some drafts at a time, each with what is told of its message."""
        tokens: list[str | None] = [None]
        while True:
            document = self._line.calls.read(self._line.gmail.drafts(tokens[-1]))
            rows = []
            for row in listed(document, "drafts"):
                try:
                    told = _mapping(row)
                    rows.append((text(told, "id"), told.get("message")))
                except Lost:
                    self._leave_out("unknown", unclear)
            for start in range(0, len(rows), _PAGE):
                yield rows[start : start + _PAGE]
            token = page_after(document, *tokens)
            if token is None:
                return
            tokens.append(token)

    def _knows(self, draft: str, message: object) -> bool:
        """Say whether a draft was read before and is as it was then."""
        known = self._known.get(draft)
        return known is not None and isinstance(message, Mapping) and message.get("id") == known.revision

    def _understands(self, draft: str, document: Mapping[str, Any], unclear: list[str]) -> bool:
        """Remember the draft that a document tells of; False if it lies in the trash or cannot be understood."""
        try:
            return self._remember(draft, document) is not None
        except Lost:
            self._leave_out(draft, unclear)
            return False

    def _remember(self, draft: str, document: Mapping[str, Any]) -> DraftRef | None:
        ref = _reference(document)
        if ref is not None:
            self._known[draft] = ref
        return ref

    def _leave_out(self, draft: str, unclear: list[str]) -> None:
        unclear.append(draft)
        log.warning("a draft that Gmail tells of cannot be understood and is left out (its id: %s)", draft)


def _reference(document: Mapping[str, Any]) -> DraftRef | None:
    """Return the draft that a document (format "metadata") tells of, None if it lies in the trash."""
    message = _mapping(document.get("message"))
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
    written_at, saved_at = to_datetime(dated), moment(message.get("internalDate"))
    return DraftRef(
        text(document, "id"), key, note.id, tuple(emails), subject, written_at,
        as_made=written_at is not None and saved_at is not None and abs(saved_at - written_at) < _AT_ONCE,
    )  # fmt: skip


def _mapping(told: object) -> Mapping[str, Any]:
    if not isinstance(told, Mapping):
        raise odd()
    return told


def _outward(err: Internal) -> Exception:
    """Return the error that leaves the connector for one that may not."""
    if isinstance(err, Lost):
        return err.outward()
    return BadReply(f"Gmail refuses a call about drafts as wrong ({type(err).__name__}): {LATER}")
