"""What goes wrong on the way to Graph. What is no provider's own comes from the fake Google, as it is: `reset`, `hang`,
`truncated`, `cut_json`, `malformed`, `shape`, `portal`, and the plans `once`, `always`, `random_plan`.

A plan is asked for every call: each API call, each part of a batch, each batch as a whole ("batch"), and each call to
the token and device code endpoints ("oauth.token", "oauth.devicecode").
"""

from tests.google.answers import Pairs
from tests.google.faults import (
    Broken,
    Fault,
    Moment,
    Plan,
    always,
    cut_json,
    hang,
    malformed,
    meant,
    once,
    portal,
    random_plan,
    reset,
    shape,
    truncated,
)
from tests.graph.answers import error, page, signin_error

__all__ = [
    "ALL",
    "HANGING",
    "LASTING",
    "PASSING",
    "WRONG",
    "Broken",
    "Fault",
    "Plan",
    "always",
    "cut_json",
    "hang",
    "html",
    "malformed",
    "meant",
    "once",
    "portal",
    "random_plan",
    "reset",
    "revoked",
    "shape",
    "signin",
    "status",
    "truncated",
]

TEXTS = {
    "InvalidAuthenticationToken": "Access token has expired or is not yet valid.",
    "ErrorAccessDenied": "Access is denied. Check credentials and try again.",
    "MailboxNotEnabledForRESTAPI": "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    "ErrorItemNotFound": "The specified object was not found in the store.",
    "ErrorMailboxMoveInProgress": "Mailbox move in progress. Try again later.",
    "resyncRequired": "Resync required. Any local state must be discarded.",
    "SyncStateNotFound": "The sync state generation is not found; generation=149;[highest=157][157][155][156].",
    "ApplicationThrottled": "Application is over its MailboxConcurrency limit.",
    "serviceNotAvailable": "Service unavailable.",
    "generalException": "General exception while processing.",
    "UnknownError": "",
}
USUAL = {
    401: "InvalidAuthenticationToken",
    403: "ErrorAccessDenied",
    404: "ErrorItemNotFound",
    410: "SyncStateNotFound",
    429: "ApplicationThrottled",
    500: "generalException",
    503: "serviceNotAvailable",
    504: "UnknownError",
    509: "activityLimitReached",
}
NUMBERS = {
    "invalid_grant": 700082,
    "interaction_required": 50076,
    "consent_required": 65001,
    "invalid_client": 7000218,
    "unauthorized_client": 700016,
    "temporarily_unavailable": 90033,
}


def status(code: int, name: str = "", retry_after: int | str | None = None, applied: Moment = "before") -> Fault:
    """Return an error in Graph's JSON; `retry_after` is seconds, or the header as it stands."""
    name = name or USUAL.get(code, "UnknownError")
    headers: Pairs = () if retry_after is None else (("Retry-After", str(retry_after)),)
    wait = "" if retry_after is None else f" retry after {retry_after}"
    return Fault(f"{code} {name}{wait} {applied}", applied, error(code, name, TEXTS.get(name, name), headers))


def html(code: int = 502, applied: Moment = "before") -> Fault:
    """Return an error page of the front end."""
    return Fault(f"{code} html {applied}", applied, page(code, f"{code} - Our services aren't available right now"))


def signin(name: str, suberror: str = "", code: int = 0, applied: Moment = "before") -> Fault:
    """Return an error of the token endpoint, to be meant for "oauth.token": invalid_grant, interaction_required …"""
    http = 401 if name == "invalid_client" else 400
    told = signin_error(http, name, code or NUMBERS.get(name, 50000), "As the plan says.", suberror)
    return Fault(f"{name} {suberror} {applied}", applied, told)


def revoked() -> Fault:
    """End the sign-in: 401 now, invalid_grant at the next refresh."""
    return Fault("revoked before", "before", status(401).reply, revokes=True)


PASSING = (
    *(status(429, retry_after=seconds) for seconds in (None, 7)),
    *(status(code, retry_after=seconds) for code in (500, 503, 504, 509) for seconds in (None, 7)),
    status(502),
    *(status(code, applied="after") for code in (500, 503, 504)),
    status(503, "ErrorMailboxMoveInProgress"),
    html(),
    reset("before"),
    reset("after"),
    reset("before", "close"),
    reset("after", "close"),
)
WRONG = (portal(), html(applied="after"), truncated(), cut_json(), malformed(), shape([]), shape(None), shape(7))
LASTING = (
    status(401),
    status(403),
    status(403, "MailboxNotEnabledForRESTAPI"),
    status(404),
    status(410),
    status(400, "syncStateNotFound"),
    revoked(),
)
HANGING = (hang("before"), hang("after"))
ALL = (*PASSING, *WRONG, *LASTING, *HANGING)
