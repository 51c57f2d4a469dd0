"""What goes wrong on the way: single faults, and plans that say when which one happens.

A plan is asked for every call: each API call, each part of a batch, each batch as a whole, and each call to the token
and revoke endpoints. A fault that is `applied` "before" is answered instead of the call; one applied "after" leaves its
effect and spoils the answer.
"""

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tests.google.answers import HTML, Json, Pairs, Reply, error, json, page
from tests.google.calls import Call

Moment = Literal["before", "after"]
Cut = Literal["reset", "close", "hang"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `cut` is what becomes of the connection; `revokes` ends the sign-in it happens to."""

    name: str
    applied: Moment
    reply: Reply | None = None
    spoil: Callable[[Reply], Reply] | None = None
    cut: Cut | None = None
    revokes: bool = False

    def answer(self, true: Reply | None) -> Reply:
        """Return what is answered; `true` is what the call answered, if it was applied."""
        if self.cut is not None:
            raise Broken(self)
        if self.reply is not None:
            return self.reply
        assert true is not None
        assert self.spoil is not None
        return self.spoil(true)


class Broken(Exception):
    """The connection breaks instead of an answer."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


Plan = Callable[[Call], Fault | None]

TEXTS = {
    "insufficientPermissions": "Request had insufficient authentication scopes.",
    "rateLimitExceeded": "Rate Limit Exceeded",
    "userRateLimitExceeded": "User Rate Limit Exceeded",
    "dailyLimitExceeded": "Daily Limit Exceeded",
    "accessNotConfigured": "Gmail API has not been used in project 1234567890 before or it is disabled.",
    "domainPolicy": "The domain administrators have disabled Gmail apps.",
    "forbidden": "Forbidden",
    "authError": "Invalid Credentials",
    "notFound": "Requested entity was not found.",
    "fullSyncRequired": "Sync token is no longer valid, a full sync is required.",
    "backendError": "Backend Error",
}
LIMITS = {"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "accessNotConfigured"}
USUAL = {401: "authError", 403: "forbidden", 404: "notFound", 410: "fullSyncRequired", 429: "rateLimitExceeded"}
DETAILS = {"insufficientPermissions": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "accessNotConfigured": "SERVICE_DISABLED"}


def status(code: int, reason: str = "", retry_after: int | None = None, applied: Moment = "before") -> Fault:
    """Return an error in Google's JSON."""
    reason = reason or USUAL.get(code, "backendError")
    headers: Pairs = () if retry_after is None else (("Retry-After", str(retry_after)),)
    domain = "usageLimits" if reason in LIMITS else "calendar" if reason == "fullSyncRequired" else "global"
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "domain": "googleapis.com"}
    details: list[Json] = [info | {"reason": DETAILS[reason]}] if reason in DETAILS else []
    told = error(code, TEXTS.get(reason, reason), reason, domain=domain, headers=headers, details=details)
    wait = "" if retry_after is None else f" retry after {retry_after}"
    return Fault(f"{code} {reason}{wait} {applied}", applied, told)


def html(code: int = 502, applied: Moment = "before") -> Fault:
    """Return an error page of the front end."""
    return Fault(f"{code} html {applied}", applied, page(code, "The server encountered a temporary error."))


def portal() -> Fault:
    """Return a page with 200, as of a hotel's wireless network: the call never reached Google."""
    return Fault(
        "200 html before", "before", Reply(200, b"<html><body>Please sign in to the Wi-Fi</body></html>", HTML)
    )


def truncated() -> Fault:
    """Return an answer that ends before its Content-Length; then the connection closes."""

    def spoil(true: Reply) -> Reply:
        body = true.body or b'{"cut": true}'
        return Reply(true.status if true.body else 200, body[: len(body) // 2], true.kind, true.headers, len(body))

    return Fault("truncated after", "after", spoil=spoil)


def cut_json() -> Fault:
    """Return an answer whose JSON ends in the middle, in a whole HTTP message."""

    def spoil(true: Reply) -> Reply:
        body = true.body or b'{"cut": true}'
        return Reply(200, body[: len(body) // 2], true.kind, true.headers)

    return Fault("cut JSON after", "after", spoil=spoil)


def malformed(applied: Moment = "after") -> Fault:
    """Return an answer that is no JSON."""
    return Fault(f"malformed JSON {applied}", applied, Reply(200, b'{"id": "1", "messages": [{"id": tru}]]'))


def shape(value: object = (), applied: Moment = "after") -> Fault:
    """Return JSON of a shape nobody expects: a list, null, a number."""
    told = json(value)
    return Fault(f"wrong shape {told.body.decode()} {applied}", applied, told)


def reset(applied: Moment = "before", how: Literal["reset", "close"] = "reset") -> Fault:
    """Break the connection without an answer: with a TCP reset, or by closing it."""
    return Fault(f"{how} {applied}", applied, cut=how)


def hang(applied: Moment = "before") -> Fault:
    """Hold the connection without an answer until the client gives up, `google.release()`, or the end."""
    return Fault(f"hang {applied}", applied, cut="hang")


def revoked() -> Fault:
    """End the sign-in: 401 now, invalid_grant at the next refresh."""
    return Fault("revoked before", "before", status(401).reply, revokes=True)


FORBIDDEN = {
    name: status(403, name)
    for name in (
        *DETAILS,
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "dailyLimitExceeded",
        "domainPolicy",
        "forbidden",
    )
}
PASSING = (
    FORBIDDEN["rateLimitExceeded"],
    FORBIDDEN["userRateLimitExceeded"],
    *(status(429, retry_after=seconds) for seconds in (None, 7)),
    *(status(code, retry_after=seconds) for code in (500, 502, 503) for seconds in (None, 7)),
    *(status(code, applied="after") for code in (500, 503)),
    html(),
    reset("before"),
    reset("after"),
    reset("before", "close"),
    reset("after", "close"),
)
WRONG = (portal(), html(applied="after"), truncated(), cut_json(), malformed(), shape([]), shape(None), shape(7))
LASTING = (
    status(401),
    *(
        FORBIDDEN[name]
        for name in (
            "insufficientPermissions",
            "dailyLimitExceeded",
            "accessNotConfigured",
            "domainPolicy",
            "forbidden",
        )
    ),
    status(404),
    status(410),
    revoked(),
)
HANGING = (hang("before"), hang("after"))
ALL = (*PASSING, *WRONG, *LASTING, *HANGING)


def random_plan(seed: int, rate: float, kinds: Iterable[Fault] = ALL) -> Plan:
    """Return a plan that lets one of `kinds` happen to a call with probability `rate`."""
    rng, several, lock = random.Random(seed), tuple(kinds), threading.Lock()

    def plan(_call: Call) -> Fault | None:
        with lock:
            return rng.choice(several) if rng.random() < rate else None

    return plan


def once(*faults: Fault | None, method: str = "") -> Plan:
    """Return a plan that lets `faults` happen in turn, None for a call that goes well, then no more.

    `method` names the calls meant, by the end of their id ("drafts.create"), ``""`` for all but whole batches.
    """
    left, lock = list(faults), threading.Lock()

    def plan(call: Call) -> Fault | None:
        with lock:
            return left.pop(0) if left and meant(call, method) else None

    return plan


def always(fault: Fault, method: str = "") -> Plan:
    """Return a plan that lets `fault` happen to every call meant (as in `once`)."""
    return lambda call: fault if meant(call, method) else None


def meant(call: Call, method: str) -> bool:
    """Say whether `method` means a call."""
    return call.method.endswith(method) if method else call.method != "batch"
