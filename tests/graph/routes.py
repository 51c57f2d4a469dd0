"""Every path there is: what it is called, who may ask it, and what it takes."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

READ_MAIL: Final = frozenset({"Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"})
WRITE_MAIL: Final = frozenset({"Mail.ReadWrite"})
SEND_MAIL: Final = frozenset({"Mail.Send"})
READ_CALENDAR: Final = frozenset({"Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"})
WRITE_CALENDAR: Final = frozenset({"Calendars.ReadWrite"})
USER: Final = frozenset({"User.Read"})
SETTINGS: Final = frozenset({"MailboxSettings.ReadWrite"})
PAGED: Final = frozenset({"$select", "$top", "$skip"})
ONE: Final = frozenset({"$select"})
LISTED: Final = PAGED | {"$filter", "$orderby", "$expand"}
VIEW: Final = PAGED | {"$orderby", "startDateTime", "endDateTime"}


@dataclass(frozen=True, slots=True)
class Route:
    """A call: `method` is its name in the log. `sends` says that it could have sent something to somebody.

    `lacking` are known to Graph and not to this fake.
    """

    method: str
    verb: str
    pattern: re.Pattern[str]
    scopes: frozenset[str]
    params: frozenset[str] = frozenset()
    sends: bool = False
    lacking: bool = False


def _route(method: str, call: str, scopes: frozenset[str], params: frozenset[str] = frozenset(), **more: bool) -> Route:
    verb, path = call.split(" ")
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", re.escape(path).replace(r"\{", "{").replace(r"\}", "}"))
    return Route(method, verb, re.compile(pattern, re.IGNORECASE), scopes, params, **more)


def _sender(name: str, call: str, scopes: frozenset[str] = SEND_MAIL) -> Route:
    return _route(name, call, scopes, sends=True, lacking=True)


MESSAGE: Final = "/me/messages/{message}"
INSIDE: Final = "/me/mailFolders/{folder}"
ROUTES: Final = (
    _route("me.get", "GET /me", USER, ONE),
    _route("me.mailFolders.list", "GET /me/mailFolders", READ_MAIL, PAGED),
    _route("me.mailFolders.childFolders.list", f"GET {INSIDE}/childFolders", READ_MAIL, PAGED),
    _route("me.mailFolders.get", f"GET {INSIDE}", READ_MAIL, ONE),
    _route("me.messages.list", "GET /me/messages", READ_MAIL, LISTED),
    _route("me.mailFolders.messages.list", f"GET {INSIDE}/messages", READ_MAIL, LISTED),
    _route("me.mailFolders.messages.delta", f"GET {INSIDE}/messages/delta", READ_MAIL,
           ONE | {"$skiptoken", "$deltatoken"}),
    _route("me.messages.get", f"GET {MESSAGE}", READ_MAIL, ONE | {"$expand"}),
    _route("me.mailFolders.messages.get", f"GET {INSIDE}/messages/{{message}}", READ_MAIL, ONE | {"$expand"}),
    _route("me.messages.create", "POST /me/messages", WRITE_MAIL),
    _route("me.mailFolders.messages.create", f"POST {INSIDE}/messages", WRITE_MAIL),
    _route("me.messages.update", f"PATCH {MESSAGE}", WRITE_MAIL),
    _route("me.messages.delete", f"DELETE {MESSAGE}", WRITE_MAIL),
    _route("me.messages.createReply", f"POST {MESSAGE}/createReply", WRITE_MAIL),
    _route("me.messages.move", f"POST {MESSAGE}/move", WRITE_MAIL),
    _route("me.calendars.list", "GET /me/calendars", READ_CALENDAR, PAGED),
    _route("me.calendars.get", "GET /me/calendars/{calendar}", READ_CALENDAR, ONE),
    _route("me.calendar.get", "GET /me/calendar", READ_CALENDAR, ONE),
    _route("me.calendars.calendarView", "GET /me/calendars/{calendar}/calendarView", READ_CALENDAR, VIEW),
    _route("me.calendar.calendarView", "GET /me/calendar/calendarView", READ_CALENDAR, VIEW),
    _route("me.calendarView", "GET /me/calendarView", READ_CALENDAR, VIEW),
    _route("me.calendars.events.list", "GET /me/calendars/{calendar}/events", READ_CALENDAR, PAGED | {"$orderby"}),
    _route("me.events.list", "GET /me/events", READ_CALENDAR, PAGED | {"$orderby"}),
    _route("me.events.get", "GET /me/events/{event}", READ_CALENDAR, ONE),
    _route("me.messages.send", f"POST {MESSAGE}/send", SEND_MAIL, sends=True),
    _sender("me.sendMail", "POST /me/sendMail"),
    *(_sender(f"me.messages.{name}", f"POST {MESSAGE}/{name}") for name in ("reply", "replyAll", "forward")),
    *(_sender(f"me.messages.{name}", f"POST {MESSAGE}/{name}", WRITE_MAIL)
      for name in ("createReplyAll", "createForward")),
    _sender("me.mailFolders.messageRules.create", f"POST {INSIDE}/messageRules", SETTINGS),
    _sender("me.mailboxSettings.update", "PATCH /me/mailboxSettings", SETTINGS),
    *(_sender(f"me.events.{name}", f"POST /me/events/{{event}}/{name}", WRITE_CALENDAR)
      for name in ("accept", "decline", "tentativelyAccept", "cancel", "forward")),
    _sender("me.events.create", "POST /me/events", WRITE_CALENDAR),
    _sender("me.calendars.events.create", "POST /me/calendars/{calendar}/events", WRITE_CALENDAR),
    _sender("me.events.update", "PATCH /me/events/{event}", WRITE_CALENDAR),
    _sender("me.events.delete", "DELETE /me/events/{event}", WRITE_CALENDAR),
    _sender("me.calendars.calendarPermissions.create", "POST /me/calendars/{calendar}/calendarPermissions",
            WRITE_CALENDAR),
    *(_route(f"me.{name}", f"GET /me/{name}", USER, lacking=True)
      for name in ("contacts", "people", "photo", "mailboxSettings", "outlook", "drive")),
    _route("me.messages.attachments", f"GET {MESSAGE}/attachments", READ_MAIL, lacking=True),
    _route("me.messages.value", f"GET {MESSAGE}/$value", READ_MAIL, lacking=True),
    _route("me.messages.delta", "GET /me/messages/delta", READ_MAIL, lacking=True),
    _route("me.messages.copy", f"POST {MESSAGE}/copy", WRITE_MAIL, lacking=True),
    _route("me.calendarView.delta", "GET /me/calendarView/delta", READ_CALENDAR, lacking=True),
    _route("me.calendars.calendarView.delta", "GET /me/calendars/{calendar}/calendarView/delta", READ_CALENDAR,
           lacking=True),
    _route("me.mailFolders.delta", "GET /me/mailFolders/delta", READ_MAIL, lacking=True),
    _route("me.mailFolders.create", "POST /me/mailFolders", WRITE_MAIL, lacking=True),
)  # fmt: skip
_KEY: Final = re.compile(r"\('([^']*)'\)")


def find(verb: str, path: str) -> tuple[Route, dict[str, str]] | str:
    """Return where a path below /v1.0 leads and what it names, or what is wrong with it: "verb" or "path"."""
    plain = _KEY.sub(r"/\1", path)
    several = [(route, match) for route in ROUTES if (match := route.pattern.fullmatch(plain))]
    # A name in the pattern wins over a name of the caller's: /me/messages/delta is no message called delta.
    several.sort(key=lambda one: len(one[1].groupdict()))
    if not several:
        return "path"
    fewest = len(several[0][1].groupdict())
    for route, match in several:
        if route.verb == verb and len(match.groupdict()) == fewest:
            return route, {name: unquote(value) for name, value in match.groupdict().items()}
    return "verb"
