"""What can go wrong with one call, seen from inside this connector, and how Google's answers are told apart.

Internal
├── Missing     there is no such thing, says Google (404)
├── Absent      there is no such call here: a 404 that is not Google's own
├── Gone        the cursor is forgotten (410, or a 400 that says so)
├── Rejected    the call itself was wrong (400)
├── OverQuota   not applied: too many units, or too many calls side by side
├── StaleToken  the access token is not taken (401), says Google, or `foreign`: a page that is not Google's
└── Lost        not answered, or not in a way that can be understood: trying again may help
    └── Silent  nothing came in time

None of these leaves the connector. Sources: https://developers.google.com/workspace/gmail/api/guides/handle-errors and
https://developers.google.com/workspace/calendar/api/guides/errors.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from connectors.errors import ConnectorError, LoginNeeded, Refused, Unavailable
from connectors.faults import LATER, Gone, Internal, Lost, Missing, Rejected, Silent, read_pause
from connectors.pages import page
from connectors.text import clean

__all__ = [
    "BETWEEN",
    "Absent",
    "Gone",
    "Internal",
    "Lost",
    "Missing",
    "OverQuota",
    "Rejected",
    "Silent",
    "StaleToken",
    "between",
    "is_between",
    "odd",
    "tell_apart",
]


class Absent(Internal):
    """There is no such call at this host. It says nothing of what was asked for."""


class OverQuota(Internal):
    """Too much at once; `crowded`: too many calls side by side. `retry_after` in seconds, if told."""

    def __init__(self, retry_after: float | None, *, crowded: bool) -> None:
        super().__init__("over quota")
        self.retry_after = retry_after
        self.crowded = crowded


class StaleToken(Internal):
    """The access token is not taken; `foreign`: not Google said so, which proves nothing of the sign-in."""

    def __init__(self, message: str, *, foreign: bool = False) -> None:
        super().__init__(message)
        self.foreign = foreign


BETWEEN: Final = (
    "Something between this machine and Google answered in its place (a proxy, or a network that wants you to sign in "
    "to it): open any web page in a browser to see what it wants, then try again."
)
_BETWEEN: Final = frozenset({301, 302, 303, 307, 308, 403, 407, 511})


def is_between(status: int) -> bool:
    """Say whether an answer with that status, if it is not Google's own, is that of a proxy or of a captive portal."""
    return status in _BETWEEN


def odd() -> Lost:
    """Return the error of an answer that is of another shape than the documentation promises."""
    return Lost(f"Google gave an answer of another shape than its documentation promises: {LATER}", bad=True)


def between() -> Lost:
    """Return the error of an answer by something else than Google."""
    return Lost(BETWEEN, cut_off=True)


_RATE: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "quotaExceeded"})
_DAILY: Final = frozenset({"dailyLimitExceeded", "dailyLimitExceededUnreg"})
_SCOPE: Final = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"})
_OFF: Final = frozenset({"accessNotConfigured", "SERVICE_DISABLED", "accessNotEnabled"})


def tell_apart(status: int, headers: Mapping[str, str], content: bytes, sign_in: str) -> Internal | ConnectorError:
    """Return what an answer with an error status means; `sign_in` is the command that signs in to the account."""
    reasons, message, ours = _read(content)
    retry_after = read_pause(headers.get("retry-after"))
    if status == 429 or (status == 403 and not reasons.isdisjoint(_RATE)):  # noqa: PLR2004 -- HTTP
        return OverQuota(retry_after, crowded="concurrent" in message.lower())
    if is_between(status) and not ours:
        return between()
    if status >= 500 or status == 408:  # noqa: PLR2004
        return Lost(f"Google answers with an error of its own ({status}): later it may work.", retry_after=retry_after)
    if status == 403 and ours:  # noqa: PLR2004
        return _forbidden(reasons, message, sign_in)
    if status == 400 and "mail service not enabled" in message.lower():  # noqa: PLR2004
        return Refused("This Google account has no Gmail mailbox: sign in with another one.")
    plain: dict[int, Internal] = {
        400: Gone(message) if "sync token" in message.lower() else Rejected(message),
        401: StaleToken(message),
        404: Missing(message),
        410: Gone(message),
        412: Rejected(message),
    }
    # A page that is not Google's own is a proxy's or the like: it proves nothing.
    foreign: dict[int, Internal] = {401: StaleToken(message, foreign=True), 404: Absent(message)}
    unknown = Lost(
        f"There was an answer that cannot be understood ({status}), by Google or in its place: later it may work.",
        bad=True,
    )
    return (plain if ours else foreign).get(status, unknown)


def _forbidden(reasons: frozenset[str], message: str, sign_in: str) -> Internal | ConnectorError:
    if not reasons.isdisjoint(_DAILY):
        return Unavailable(
            "Google's daily limit for your OAuth project is used up: it starts anew at midnight, Pacific."
        )
    if not reasons.isdisjoint(_SCOPE):
        return LoginNeeded(f"The sign-in lacks a permission that auld needs: {sign_in}, and tick every box.")
    if not reasons.isdisjoint(_OFF):
        return Refused(
            "An API is not enabled in your Google Cloud project: enable the Gmail API and the Google Calendar API "
            f"there ({page('docs/google.md, step 2')}), and wait a few minutes."
        )
    if "domainPolicy" in reasons:
        return Refused("Your organisation does not allow this app: ask its administrator (domainPolicy).")
    return Refused(
        f"Google refused ({clean(message, 200) or '403'}): look whether it can be opened in a browser; at a company or "
        "school, ask the administrator.",
        alone=True,
    )


def _read(content: bytes) -> tuple[frozenset[str], str, bool]:
    """Return the reasons and the message of an error's body, and whether it is one of Google's, not some page."""
    try:
        told = json.loads(content)
        error = told[0]["error"] if isinstance(told, list) else told["error"]
        reasons = frozenset(_reasons(error))
        message = error.get("message")
        return reasons, message if isinstance(message, str) else "", True
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return frozenset(), "", False


def _reasons(error: Mapping[str, Any]) -> Iterator[str]:
    for key in ("errors", "details"):
        for one in error.get(key) or ():
            if isinstance(one, dict) and isinstance(one.get("reason"), str):
                yield one["reason"]
