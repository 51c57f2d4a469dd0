"""The calls that auld makes of Gmail and Google Calendar, prepared, each with its price.

Asks for no more than is used: `fields` masks everywhere, and of a mail only the headers that tell a fact. Prices are
those of https://developers.google.com/workspace/gmail/api/reference/quota (May 2026); Calendar counts requests.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from connectors.gmail.calls import Call

if TYPE_CHECKING:
    from connectors.gmail.wire import Wire

GMAIL: Final = "https://gmail.googleapis.com"
CALENDAR: Final = "https://www.googleapis.com"

PAGE: Final = 500
EVENTS_PAGE: Final = 2500
# Of connectors.mime.programs those whose mail need not show it otherwise: GitHub's, Zendesk's and most others' always
# has a List-Id, a Precedence or an Auto-Submitted too. Only whole names can be asked for; each goes with every call.
PROGRAMS: Final = (
    "X-JIRA-FingerPrint", "X-Atlassian-Mail-Transaction-Id", "X-Gerrit-MessageType", "X-Phabricator-Sent-This-Message",
    "X-ReviewRequest-URL", "X-GitLab-Project", "X-Bugzilla-Reason", "X-LinkedIn-Class",
)  # fmt: skip
HEADERS: Final = (
    "From", "To", "Cc", "Date", "Subject", "Message-ID", "References", "In-Reply-To", "Return-Path", "Reply-To",
    "X-Original-From", "Auto-Submitted", "Precedence", "List-Id", "List-Unsubscribe", "List-Post", "Content-Type",
    "X-Failed-Recipients", "X-Autoreply", "X-Autorespond", "Sender", "Content-Class", *PROGRAMS,
)  # fmt: skip
"""The headers that tell a fact; nothing else of a mail is asked for."""

_MAIL: Final = "id,threadId,labelIds,internalDate,payload/headers"
_CHANGE: Final = "message(id,threadId,labelIds)"
_HISTORY: Final = (
    f"history(id,messagesAdded({_CHANGE}),labelsAdded({_CHANGE},labelIds),labelsRemoved({_CHANGE},labelIds)),"
    "nextPageToken,historyId"
)
_PERSON: Final = "email,displayName"
_EVENTS: Final = (
    "items(id,status,iCalUID,summary,start,end,endTimeUnspecified,originalStartTime,recurringEventId,sequence,updated,"
    f"eventType,attendeesOmitted,organizer({_PERSON}),creator({_PERSON}),"
    f"attendees({_PERSON},responseStatus,resource)),nextPageToken,nextSyncToken"
)


class Gmail:
    """Gmail's calls. `root` is the API's host; with `greetings` how a mail begins is asked for too (its snippet)."""

    def __init__(self, wire: "Wire", root: str, *, greetings: bool = False) -> None:
        self._wire = wire
        self._root = root
        self._mail = f"{_MAIL},snippet" if greetings else _MAIL

    # Each is made anew whenever the library is asked for it, which takes longer than a call.

    @cached_property
    def _users(self) -> Any:  # noqa: ANN401 -- the library is untyped
        return _build("gmail", "v1", self._wire, self._root + "/").users()

    @cached_property
    def _messages(self) -> Any:  # noqa: ANN401
        return self._users.messages()

    @cached_property
    def _threads(self) -> Any:  # noqa: ANN401
        return self._users.threads()

    @cached_property
    def _drafts(self) -> Any:  # noqa: ANN401
        return self._users.drafts()

    def profile(self) -> Call:
        """Ask whose mailbox it is, and where its history stands."""
        return Call(self._users.getProfile(userId="me", fields="emailAddress,messagesTotal,historyId"), 1)

    def messages(self, labels: Sequence[str], page: str | None) -> Call:
        """List ids and thread ids, newest first, of all messages that have all `labels`."""
        wanted: dict[str, Any] = {"userId": "me", "maxResults": PAGE, "fields": "messages(id,threadId),nextPageToken"}
        if labels:
            wanted["labelIds"] = list(labels)
        if page is not None:
            wanted["pageToken"] = page
        return Call(self._messages.list(**wanted), 5)

    def message(self, number: str) -> Call:
        """Get one message's labels, date and headers."""
        return Call(
            self._messages.get(
                userId="me", id=number, format="metadata", metadataHeaders=list(HEADERS), fields=self._mail
            ),
            20,
        )

    def history_of(self, number: str) -> Call:
        """Ask at which point of the history a message last changed."""
        return Call(self._messages.get(userId="me", id=number, format="minimal", fields="historyId"), 20)

    def thread(self, number: str) -> Call:
        """Get the same of all messages in a thread."""
        fields = f"messages({self._mail})"
        return Call(
            self._threads.get(userId="me", id=number, format="metadata", metadataHeaders=list(HEADERS), fields=fields),
            40,
        )

    def history(self, start: str, page: str | None) -> Call:
        """List what was added, and which labels changed, after a point of the history."""
        wanted: dict[str, Any] = {
            "userId": "me",
            "startHistoryId": start,
            "maxResults": PAGE,
            "historyTypes": ["messageAdded", "labelAdded", "labelRemoved"],
            "fields": _HISTORY,
        }
        if page is not None:
            wanted["pageToken"] = page
        return Call(self._users.history().list(**wanted), 2)

    def drafts(self, page: str | None) -> Call:
        """List the ids of drafts and of the messages they are now."""
        wanted: dict[str, Any] = {"userId": "me", "maxResults": PAGE, "fields": "drafts(id,message/id),nextPageToken"}
        if page is not None:
            wanted["pageToken"] = page
        return Call(self._drafts.list(**wanted), 5)

    def draft(self, number: str) -> Call:
        """Get a draft's labels and headers."""
        fields = "id,message(id,threadId,labelIds,internalDate,payload/headers)"
        return Call(self._drafts.get(userId="me", id=number, format="metadata", fields=fields), 20)

    def create_draft(self, raw: str, thread: str) -> Call:
        """Create a draft of a message (base64url), in a thread unless that is ``""``."""
        message = {"raw": raw} | ({"threadId": thread} if thread else {})
        return Call(self._drafts.create(userId="me", body={"message": message}, fields="id,message(id,threadId)"), 10)

    def delete_draft(self, number: str) -> Call:
        """Delete a draft."""
        return Call(self._drafts.delete(userId="me", id=number), 10)


class Calendar:
    """Google Calendar's calls. `root` is the API's host. A call costs one unit: the quota counts requests."""

    def __init__(self, wire: "Wire", root: str) -> None:
        self._wire = wire
        self._root = root

    @cached_property
    def _service(self) -> Any:  # noqa: ANN401 -- the library is untyped
        return _build("calendar", "v3", self._wire, self._root + "/calendar/v3/")

    def calendars(self, page: str | None) -> Call:
        """List the calendars that the user owns or may write to."""
        wanted: dict[str, Any] = {
            "minAccessRole": "writer",
            "maxResults": 250,
            "showHidden": True,
            "fields": "items(id,summary,summaryOverride,accessRole,primary),nextPageToken",
        }
        if page is not None:
            wanted["pageToken"] = page
        return Call(self._service.calendarList().list(**wanted), 1)

    def events(self, calendar: str, *, since: str | None, sync: str | None, page: str | None) -> Call:
        """List the entries of a calendar, recurring ones as occurrences.

        `since` (RFC 3339) leaves out what ended before; it does not go together with `sync`, a syncToken.
        """
        wanted: dict[str, Any] = {
            "calendarId": calendar,
            "singleEvents": True,
            "maxResults": EVENTS_PAGE,
            "fields": _EVENTS,
        }
        if sync is not None:
            wanted["syncToken"] = sync
        elif since is not None:
            wanted["timeMin"] = since
        if page is not None:
            wanted["pageToken"] = page
        return Call(self._service.events().list(**wanted), 1)


def _build(name: str, version: str, wire: "Wire", endpoint: str) -> Any:  # noqa: ANN401
    from googleapiclient.discovery import build  # noqa: PLC0415 -- 120 ms and 42 MB

    return build(
        name, version, http=wire, static_discovery=True, cache_discovery=False,
        client_options={"api_endpoint": endpoint},
    )  # fmt: skip
