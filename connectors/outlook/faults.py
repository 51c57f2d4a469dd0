"""What can go wrong with one call, seen from inside this connector, and how Graph's answers are told apart.

Internal
├── Missing     there is no such thing (404)
├── Gone        the cursor is forgotten (410, syncStateNotFound, resyncRequired)
├── Rejected    the call itself was wrong (400)
├── Changed     not applied: it is not as it was thought to be any more (412)
├── Throttled   not applied: too many calls, or too many side by side (429)
├── StaleToken  the access token is not taken (401)
├── Skipped     a part of a batch that was not tried, for the one before it failed (424)
└── Lost        not answered, or not in a way that can be understood: trying again may help
    ├── Silent  nothing came in time
    ├── TooSlow the server gave up on it (504), or it takes too long, or is too large: asking for less may help
    └── Astray  a link in an answer leads elsewhere than its list goes on: trying again does not help

None of these leaves the connector. Sources: https://learn.microsoft.com/graph/errors and
https://learn.microsoft.com/graph/throttling.
"""

from collections.abc import Mapping
from typing import Final

from connectors.errors import ConnectorError, LoginNeeded, Refused
from connectors.faults import LATER, Gone, Internal, Lost, Missing, Rejected, Silent, read_pause
from connectors.text import clean

__all__ = [
    "BETWEEN",
    "Astray",
    "Changed",
    "Denied",
    "Forbidden",
    "Gone",
    "Internal",
    "Lost",
    "Missing",
    "Rejected",
    "Silent",
    "Skipped",
    "StaleToken",
    "Throttled",
    "TooSlow",
    "between",
    "is_between",
    "odd",
    "tell_apart",
]


class Changed(Internal):
    """What was to be changed is not as it was thought to be."""


class Throttled(Internal):
    """Too much at once. `retry_after` in seconds, if told."""

    def __init__(self, retry_after: float | None) -> None:
        super().__init__("throttled")
        self.retry_after = retry_after


class StaleToken(Internal):
    """The access token is not taken."""


class Skipped(Internal):
    """It was not tried."""


class Denied(LoginNeeded):
    """This call lacks a permission. It may leave the connector, where others fare no better."""


class Forbidden(Refused):
    """This call is refused. It may leave the connector, where others fare no better."""


class TooSlow(Lost):
    """Too much was asked for at once."""


class Astray(Lost):
    """A link was not followed."""

    def __init__(self) -> None:
        super().__init__(
            "A link in Microsoft's answer led elsewhere than its list goes on, so the rest was not read: later it may "
            "work.",
            bad=True,
        )


BETWEEN: Final = (
    "Something between this machine and Microsoft answered in its place (a proxy, or a network that wants you to sign "
    "in to it): open any web page in a browser to see what it wants, then try again."
)
_BETWEEN: Final = frozenset({301, 302, 303, 307, 308, 401, 403, 407, 511})
_FORGOTTEN: Final = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_NO_MAILBOX: Final = frozenset({"MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI"})


def tell_apart(status: int, headers: Mapping[str, str], document: object, sign_in: str) -> Internal | ConnectorError:
    """Return what an answer with an error status means.

    Names of `headers` are in lower case; `document` is what its JSON says; `sign_in` is the command that signs in to
    the account.
    """
    code, message = _read(document)
    retry_after = read_pause(headers.get("retry-after"))
    if status == 429:  # noqa: PLR2004 -- HTTP
        return Throttled(retry_after)
    if status == 504:  # noqa: PLR2004
        return TooSlow("Microsoft does not get it done in time: later it may work.", retry_after=retry_after)
    if not code and (is_between(status) or status < 500) and status != 408:  # noqa: PLR2004
        return _foreign(status)
    if status >= 500 or status == 408:  # noqa: PLR2004
        return Lost(
            f"Microsoft answers with an error of its own ({status}): later it may work.", retry_after=retry_after
        )
    if status == 403 and code not in _NO_MAILBOX:  # noqa: PLR2004
        return _forbidden(code, message, sign_in)
    return _understood(status, code)


def _foreign(status: int) -> Lost:
    if is_between(status):
        return between()
    return Lost(
        f"There was an answer that is not Microsoft's ({status}): look at api_url in the config, if it is there, and "
        "at the network or proxy."
    )


def _understood(status: int, code: str) -> Internal | ConnectorError:
    if code.lower() in _FORGOTTEN and status in {400, 404, 410}:
        return Gone(code)
    if code in _NO_MAILBOX:
        return Refused("This account has no mailbox at Microsoft that programs may read: sign in with another one.")
    plain: dict[int, Internal] = {
        400: Rejected(code),
        401: StaleToken(code),
        404: Missing(code),
        409: Changed(code),
        410: Gone(code),
        412: Changed(code),
        424: Skipped(code),
    }
    unknown = Lost(f"Microsoft gave an answer that cannot be understood ({status}): later it may work.", bad=True)
    return plain.get(status, unknown)


def odd() -> Lost:
    """Return the error of an answer that is of another shape than it should be."""
    return Lost(f"Microsoft gave an answer of another shape than its documentation promises: {LATER}", bad=True)


def is_between(status: int) -> bool:
    """Say whether an answer with that status, if it is not Microsoft's own, is a proxy's or a captive portal's."""
    return status in _BETWEEN


def between() -> Lost:
    """Return the error of an answer by something else than Microsoft."""
    return Lost(BETWEEN, cut_off=True)


def _forbidden(code: str, message: str, sign_in: str) -> ConnectorError:
    if code in {"ErrorAccessDenied", "Authorization_RequestDenied", "accessDenied"}:
        return Denied(f"The sign-in lacks a permission that auld needs, or an administrator took it back: {sign_in}")
    return Forbidden(
        f"Microsoft refused ({clean(code, 60)}: {clean(message, 200)}): look in a browser whether the mailbox is in "
        "order; at a company or school, ask the administrator."
    )


def _read(document: object) -> tuple[str, str]:
    """Return code and message of an error's body, ``""`` both if it is none of Graph's."""
    error = document.get("error") if isinstance(document, Mapping) else None
    if not isinstance(error, Mapping):
        return "", ""
    code, message = error.get("code"), error.get("message")
    return (code if isinstance(code, str) else "", message if isinstance(message, str) else "")
