"""The calls that auld makes of Microsoft Graph.

Asks for no more than is used: `$select` everywhere, never a body of a mail. Sources: the pages of each call under
https://learn.microsoft.com/graph/api/overview?view=graph-rest-1.0.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from connectors.outlook.call import Call
from connectors.outlook.faults import odd
from connectors.text import clean
from connectors.types import NewDraft

PAGE: Final = 500
EVENTS_PAGE: Final = 1000
SENT, DRAFTS, DELETED, JUNK = "sentitems", "drafts", "deleteditems", "junkemail"
INBOX, ARCHIVE = "inbox", "archive"

KEY: Final = "String {c2a1b8f4-6e0d-4f7b-9b53-2d1f6a7e90c4} Name AuldKey"
"""The extended property (https://learn.microsoft.com/graph/extended-properties-overview) that holds a draft's key."""

MAIL: Final = (
    "id,internetMessageId,conversationId,parentFolderId,isDraft,receivedDateTime,sentDateTime,from,sender,"
    "toRecipients,ccRecipients,replyTo,subject,internetMessageHeaders"
)
DRAFT: Final = (
    "id,internetMessageId,conversationId,parentFolderId,isDraft,createdDateTime,lastModifiedDateTime,toRecipients,"
    "ccRecipients,bccRecipients,subject,changeKey"
)
EVENT: Final = (
    "id,iCalUId,type,subject,start,end,originalStart,isAllDay,isCancelled,showAs,organizer,attendees,hideAttendees,"
    "responseStatus,lastModifiedDateTime"
)
# Of words those that are no id where one stands.
_PART: Final = re.compile(r"(?!(?:\.{1,2}|delta|send|sendMail)\Z)[^/?#%\\\s]{1,1000}", re.IGNORECASE)
_UTC: Final = 'outlook.timezone="UTC"'


def me() -> Call:
    """Ask whose account it is."""
    return Call("GET", _query("/me", select="mail,userPrincipalName,proxyAddresses"))


def folder(name: str) -> Call:
    """Ask the id of a well-known folder, and how many messages lie there."""
    return Call("GET", _query(f"/me/mailFolders/{name}", select="id,totalItemCount"))


def folder_above(number: str) -> Call:
    """Ask in which folder a folder lies."""
    return Call("GET", _query(f"/me/mailFolders/{_part(number)}", select="id,parentFolderId"))


def sent(size: int, *, greetings: bool = False) -> Call:
    """Begin to list what lies in Sent, so that changes can be asked for from then on.

    With `greetings` the first 255 characters of each text are asked for too.
    """
    wanted = f"{MAIL},bodyPreview" if greetings else MAIL
    return sent_on(_query(f"/me/mailFolders/{SENT}/messages/delta", select=wanted), size)


def sent_on(link: str, size: int) -> Call:
    """Go on where a link of the same list leads."""
    return Call("GET", link, prefer=(f"odata.maxpagesize={size}",))


def messages(low: datetime, high: datetime | None, without: str, *, newest_first: bool, size: int) -> Call:
    """List messages of all folders but one (`without`, an id, or ``""``) by when they were received.

    `low` is inclusive, `high` exclusive; both are whole seconds.
    """
    terms = [f"receivedDateTime ge {write_moment(low)}"]
    if high is not None:
        terms.append(f"receivedDateTime lt {write_moment(high)}")
    if without:
        terms.append(f"parentFolderId ne {_text(without)}")
    wanted: dict[str, Any] = {
        "filter": " and ".join(terms),
        "orderby": f"receivedDateTime {'desc' if newest_first else 'asc'}",
        "select": MAIL,
        "top": size,
    }
    return Call("GET", _query("/me/messages", **wanted))


def message(number: str) -> Call:
    """Get one message, with the headers of the wire, which a list may leave out."""
    return Call("GET", _query(f"/me/messages/{_part(number)}", select=MAIL))


def answered(message_id: str) -> Call:
    """Look for the copies of a mail by its Message-ID (without brackets)."""
    wanted = f"internetMessageId eq {_text(f'<{message_id}>')}"
    return Call("GET", _query("/me/messages", filter=wanted, select="id,isDraft,conversationId", top=10))


def drafts(size: int) -> Call:
    """List the drafts."""
    return Call("GET", _query(f"/me/mailFolders/{DRAFTS}/messages", select=DRAFT, top=size))


def draft_by_key(key: str) -> Call:
    """Look for drafts that were made under a key."""
    wanted = f"singleValueExtendedProperties/Any(ep: ep/id eq {_text(KEY)} and ep/value eq {_text(key)})"
    return Call("GET", _query(f"/me/mailFolders/{DRAFTS}/messages", filter=wanted, select=DRAFT, top=10))


def draft(number: str) -> Call:
    """Get a message that is or was a draft."""
    return Call("GET", _query(f"/me/messages/{_part(number)}", select=DRAFT))


def create_draft(new: NewDraft) -> Call:
    """Create a draft of a new mail."""
    return Call("POST", "/me/messages", _content(new) | _name(new.key))


def create_reply(number: str, new: NewDraft) -> Call:
    """Create a draft that answers a message. It does not carry the key yet."""
    # Without the list it would be to whom the mail's Reply-To names.
    return Call("POST", f"/me/messages/{_part(number)}/createReply", {"message": _content(new)})


def complete_reply(number: str, new: NewDraft, etag: str) -> Call:
    """Give a draft that answers a message its key, and what createReply may not have taken, if it is unchanged."""
    return Call("PATCH", f"/me/messages/{_part(number)}", _content(new) | _name(new.key), more={"If-Match": etag})


def delete_draft(number: str, etag: str) -> Call:
    """Delete a draft if it is unchanged."""
    return Call("DELETE", f"/me/messages/{_part(number)}", more={"If-Match": etag})


def calendars() -> Call:
    """List the calendars."""
    return Call("GET", _query("/me/calendars", select="id,name,owner,isDefaultCalendar", top=100))


def events(calendar: str, start: datetime, end: datetime) -> Call:
    """List what is in a calendar within a time, recurring entries as occurrences."""
    span = {"startDateTime": write_moment(start), "endDateTime": write_moment(end)}
    path = f"/me/calendars/{_part(calendar)}/calendarView"
    return Call("GET", _query(path, span, select=EVENT, top=EVENTS_PAGE), prefer=(_UTC,))


def events_on(link: str) -> Call:
    """Go on where a link of the same list leads."""
    return Call("GET", link, prefer=(_UTC,))


def first_event(calendar: str) -> Call:
    """Ask when the earliest entry of a calendar begins."""
    path = f"/me/calendars/{_part(calendar)}/events"
    return Call("GET", _query(path, orderby="start/dateTime", top=1, select="id,start"), prefer=(_UTC,))


def write_moment(moment: datetime) -> str:
    """Return a moment as Graph writes it, cut to whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _content(new: NewDraft) -> dict[str, Any]:
    return {
        "subject": clean(new.subject, 900),
        # As lines end in the text of a mail, so that no server has to guess.
        "body": {"contentType": "text", "content": "".join(f"{line}\r\n" for line in new.body.splitlines())},
        "toRecipients": [{"emailAddress": {"address": new.to.email, "name": clean(new.to.name) or new.to.email}}],
        "ccRecipients": [],
        "bccRecipients": [],
    }


def _name(key: str) -> dict[str, Any]:
    return {
        "internetMessageId": f"<{key}>",
        "singleValueExtendedProperties": [{"id": KEY, "value": key}],
    }


def _query(path: str, more: Mapping[str, str] | None = None, /, **options: str | int) -> str:
    """Return a path with OData's options, percent-encoded whole."""
    words = {**(more or {}), **{f"${name}": value for name, value in options.items()}}
    return path + "?" + "&".join(f"{name}={quote(str(value), safe=',')}" for name, value in words.items())


def _text(value: str) -> str:
    """Return a text as an OData literal."""
    return "'" + value.replace("'", "''") + "'"


def is_part(number: str) -> bool:
    """Say whether an id may stand in a path, without leading elsewhere."""
    return _PART.fullmatch(number) is not None and number.isprintable()


def _part(number: str) -> str:
    """Return an id as a part of a path.

    Raises:
        Lost: it cannot be one.
    """
    if not is_part(number):
        raise odd()
    return quote(number, safe="=")
