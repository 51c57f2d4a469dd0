"""The Drafts folder of an Outlook mailbox. Puts drafts there, finds them, takes them back; no more.

A draft's id is immutable: it stays when the draft is edited, moved and, as a rule, sent. None is made twice: one whose
creation got no answer is looked for by the key that it carries as an extended property. One that answers a mail gets
its key only in a second step (createReply takes none), so that after a crash between the two it is one without a key.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from connectors.errors import BadReply, LoginNeeded, Refused, SettingsError, Unavailable
from connectors.faults import LATER
from connectors.mime.addresses import clean_address
from connectors.outlook import api
from connectors.outlook.call import Call
from connectors.outlook.facts import link, moment, pair, rows, text
from connectors.outlook.faults import Changed, Internal, Lost, Missing, Rejected, odd
from connectors.outlook.link import Link
from connectors.text import clean
from connectors.types import DraftRef, NewDraft

log = logging.getLogger(__name__)

_LIMIT: Final = 1_000  # characters of a subject
_TRIES: Final = 3
_AT_ONCE: Final = timedelta(seconds=30)
"""How long after one that nobody touched was made it was last changed, at most: an answer is made in two steps."""


class OutlookDrafts:
    """Drafts of one account."""

    creates_late = True  # a server does the work

    def __init__(self, line: Link) -> None:
        self._line = line
        self._folders: dict[str, str] = {}  # ids of well-known ones

    def create(self, draft: NewDraft) -> DraftRef:
        """Put `draft` there, in the thread it answers if the mail is still in the mailbox.

        Raises:
            Refused: Graph refuses it.
            LoginNeeded, SettingsError: as they are named.
            Unavailable, BadReply: there was no answer; it may be there all the same.
        """
        if clean_address(draft.to.email) != draft.to.email:
            raise Refused(
                f'"{clean(draft.to.email, 80)}" is no address that a draft could be to: name another one of theirs in '
                "the config (emails), or write to them yourself."
            )
        with _outward():
            try:
                document = self._reply(draft) if draft.in_reply_to else None
                if document is None:
                    document = self._line.calls.write(api.create_draft(draft))
            except Rejected as err:
                what = clean(str(err), 60)
                raise Refused(f"Microsoft does not take the draft ({what}): write this one yourself.") from err
            return _reference(document)

    def _reply(self, draft: NewDraft) -> Mapping[str, Any] | None:
        """Create a draft that answers a mail; None, and nothing done, if that cannot be."""
        answered = self._answered(draft)
        if answered is None:
            return None
        try:
            made = self._line.calls.write(api.create_reply(answered, draft))
        except (Missing, Rejected):
            return None
        for _ in range(_TRIES):
            number, etag = text(made, "id"), text(made, "@odata.etag")
            try:
                # It changes nothing twice, so it is asked for until there is an answer.
                return self._line.calls.read(api.complete_reply(number, draft, etag))
            except Changed:
                # By an earlier try whose answer was lost, by Graph itself, which happens, or by the user.
                done = self._by_key(draft.key)
                if done is not None:
                    return done
                made = self._line.calls.read(api.draft(number))
                if not _reference(made).as_made:
                    break
            except Rejected:
                # One that is not known again, or is to somebody else, must not stay.
                self._line.calls.write(api.delete_draft(number, etag))
                return None
            except (Refused, LoginNeeded, SettingsError) as err:
                raise Unavailable(f"A draft was begun and could not be completed: {err}") from err
        raise Unavailable("A draft was begun, and changed before it was completed: the next round looks after it.")

    def _answered(self, draft: NewDraft) -> str | None:
        """Return the id of the mail that a draft answers, None if it is not there any more."""
        try:
            found = rows(self._line.calls.read(api.answered(draft.in_reply_to)))
        except Rejected:
            return None  # no Message-ID that could be asked for
        copies = [one for one in found if one.get("isDraft") is not True]
        # Of several copies one in the thread as it was read.
        copies.sort(key=lambda one: one.get("conversationId") != draft.thread)
        return text(copies[0], "id") if copies else None

    def get(self, ref: DraftRef) -> DraftRef | None:
        """Return the draft as it lies there now or as it was sent, None if it is gone or was thrown away."""
        with _outward():
            document = self._get(ref)
            if document is None:
                return None
            return replace(_reference(document), sent=document.get("isDraft") is False)

    def _get(self, ref: DraftRef) -> Mapping[str, Any] | None:
        try:
            document = self._line.calls.read(api.draft(ref.id))
        except Missing:
            return None
        thrown_away = document.get("isDraft") is not False and self._is_thrown_away(document.get("parentFolderId"))
        return None if thrown_away else document

    def find(self, key: str) -> DraftRef | None:
        """Return the draft that carries `key`, or None."""
        with _outward():
            found = self._by_key(key)
            return None if found is None else _reference(found)

    def _by_key(self, key: str) -> Mapping[str, Any] | None:
        found = rows(self._line.calls.read(api.draft_by_key(key)))
        return next((one for one in found if one.get("isDraft") is not False), None)

    def withdraw(self, ref: DraftRef) -> bool:
        """Delete the draft if it is as `ref` says; False, and nothing done, if not."""
        with _outward():
            document = self._get(ref)
            if document is None or document.get("isDraft") is False or _reference(document).revision != ref.revision:
                return False
            try:
                self._line.calls.write(api.delete_draft(ref.id, text(document, "@odata.etag")))
            except (Missing, Changed):
                return False
            return True

    def all(self) -> Iterator[DraftRef]:
        """Yield every draft, the user's own among them; one that cannot be understood is left out."""
        call, been = api.drafts(api.PAGE), set[str]()
        while True:
            with _outward():
                document = self._line.calls.read(call)
                listed = list(rows(document))
                onward = link(document, "nextLink")
                if onward in been:
                    raise odd()  # it would go on without end
            for one in listed:
                if one.get("isDraft") is False:
                    continue  # a mail that the user moved there
                try:
                    yield _reference(one)
                except ValueError:
                    log.warning("a draft that Graph tells of cannot be understood and is left out")
            if onward is None:
                return
            been.add(onward)
            call = Call("GET", onward)

    def _is_thrown_away(self, folder: object) -> bool:
        """Say whether a folder is Deleted Items, or lies below it."""
        been: set[str] = set()
        while isinstance(folder, str) and folder not in {*been, self._folder(api.DRAFTS)}:
            if folder == self._folder(api.DELETED):
                return True
            been.add(folder)
            try:
                folder = self._line.calls.read(api.folder_above(folder)).get("parentFolderId")
            except Missing:
                return False
        return False

    def _folder(self, name: str) -> str:
        if name not in self._folders:
            self._folders[name] = text(self._line.calls.read(api.folder(name)), "id")
        return self._folders[name]


def _reference(document: Mapping[str, Any]) -> DraftRef:
    """Return the draft that a document tells of.

    Raises:
        ValueError: it tells none.
    """
    emails: dict[str, None] = {}
    for field in ("toRecipients", "ccRecipients", "bccRecipients"):
        listed = document.get(field)
        for one in listed if isinstance(listed, list) else ():
            if (told := pair(one)) is not None:
                emails[told[0]] = None
    key, subject = document.get("internetMessageId"), document.get("subject")
    made_at, saved_at = moment(document.get("createdDateTime")), moment(document.get("lastModifiedDateTime"))
    return DraftRef(
        id=text(document, "id"),
        key=clean(key, 998).strip("<>") if isinstance(key, str) else "",
        revision=text(document, "changeKey"),
        to=tuple(emails),
        subject=clean(subject, _LIMIT) if isinstance(subject, str) else "",
        written_at=made_at,
        dated=False,
        as_made=made_at is not None and saved_at is not None and abs(saved_at - made_at) < _AT_ONCE,
    )


@contextmanager
def _outward() -> Iterator[None]:
    """Let only errors of the contract out."""
    try:
        yield
    except ValueError as err:
        raise odd().outward() from err
    except Lost as err:
        raise err.outward() from err
    except Internal as err:
        raise BadReply(f"Microsoft refuses a call about drafts as wrong ({type(err).__name__}): {LATER}") from err
