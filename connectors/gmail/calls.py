"""Calls of one account: paced, each answer judged, reads tried again, writes never blindly.

A read that was refused for the budget, or lost on the way, is asked again; several go together as far as the budget
allows, and each is judged alone. A write that got no answer may have been done: that is told, and not tried again.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from random import random
from typing import TYPE_CHECKING, Any, Final, Protocol

from connectors.base import Host
from connectors.errors import ConnectorError, LoginNeeded, Unavailable
from connectors.faults import is_page
from connectors.gmail.batch import MOST, read_batch, write_batch
from connectors.gmail.faults import BETWEEN, Internal, Lost, Missing, OverQuota, StaleToken, between, odd, tell_apart
from connectors.gmail.patience import Patience
from connectors.pace import Backoff, Pacer

if TYPE_CHECKING:  # accounts are opened far more often than Google is asked
    from connectors.gmail.wire import Answer, Wire

TRIES: Final = 6
"""How often in a row calls may be lost before the account is taken for unreachable; see also `Lost.tries`."""


class Prepared(Protocol):
    """A request that google-api-python-client prepared (`googleapiclient.http.HttpRequest`)."""

    uri: str
    method: str
    body: str | None
    headers: dict[str, str]

    def postproc(self, resp: Any, content: bytes) -> Any:  # noqa: ANN401 -- the library is untyped
        """Return the document that an answer holds."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call, and what it costs in units of the quota."""

    request: Prepared
    units: int


class Calls:
    """What an account asks. `root` is the API's host."""

    def __init__(self, wire: "Wire", pacer: Pacer, host: Host, root: str) -> None:
        self._wire = wire
        self._pacer = pacer
        self._patience = Patience(pacer, host)
        self._host = host
        self._batch = root + "/batch/gmail/v1"

    def read(self, call: Call) -> dict[str, Any]:
        """Return the document that a read gives.

        Raises:
            Missing, Gone, Rejected: as they are named.
            ConnectorError: as the contract says.
        """
        (found,) = self._read_all([call])
        if isinstance(found, Internal):
            raise found
        return found

    def read_all(self, calls: Sequence[Call]) -> list[dict[str, Any] | None]:
        """Return the documents of some reads, in their order; None for what is not there (any more).

        Raises:
            Gone, Rejected: as they are named.
            ConnectorError: as the contract says.
        """
        found: list[dict[str, Any] | None] = []
        for one in self._read_all(calls):
            if isinstance(one, Internal) and not isinstance(one, Missing):
                raise one
            found.append(None if isinstance(one, Internal) else one)
        return found

    def write(self, call: Call) -> dict[str, Any]:
        """Do something once; what the budget refused was not done and is tried again.

        Raises:
            Missing, Rejected: as they are named; nothing was done.
            Unavailable, BadReply: no answer: it may have been done.
            ConnectorError: as the contract says; nothing was done.
        """
        fresh = False
        while True:
            self._pacer.allow([call.units])
            try:
                document = self._send(call.request)
            except OverQuota as err:
                self._patience.after_refusal([err])
            except StaleToken as err:
                if err.foreign:  # something in between: it may have been done
                    raise Unavailable(BETWEEN, cut_off=True) from err
                self._renew(err, fresh=fresh)
                fresh = True
            except Lost as err:
                raise err.outward() from err
            else:
                self._pacer.accepted(call.units)
                return document

    def _read_all(self, calls: Sequence[Call]) -> list[dict[str, Any] | Internal]:
        found: list[dict[str, Any] | Internal | None] = [None] * len(calls)
        left = deque(range(len(calls)))
        backoff = Backoff(self._host.wait, random, tries=TRIES)
        lost: dict[int, int] = {}
        fresh = False
        while left:
            count = self._pacer.allow([calls[number].units for number in list(left)[:MOST]])
            going = [left.popleft() for _ in range(count)]
            try:
                answers = self._exchange([calls[number] for number in going])
            except Lost as err:
                left.extendleft(reversed(going))
                self._patience.after_loss([err], backoff)
                continue
            again: list[int] = []
            troubles: list[OverQuota | StaleToken | Lost] = []
            for number, answer in zip(going, answers, strict=True):
                if isinstance(answer, OverQuota | StaleToken | Lost):
                    again.append(number)
                    troubles.append(answer)
                    if isinstance(answer, Lost):
                        lost[number] = lost.get(number, 0) + 1
                        if lost[number] >= TRIES:
                            raise answer.outward()
                else:
                    found[number] = answer
                    backoff.worked()
            left.extendleft(reversed(again))
            if troubles:
                fresh = self._get_over(troubles, backoff, fresh=fresh)
            elif going:
                fresh = False
        return [one for one in found if one is not None]

    def _get_over(self, troubles: Sequence[OverQuota | StaleToken | Lost], backoff: Backoff, *, fresh: bool) -> bool:
        """Do what helps against calls that failed, once for each kind; return whether the access token is fresh."""
        if lost := [one for one in troubles if isinstance(one, Lost)]:
            self._patience.after_loss(lost, backoff)
        if refused := [one for one in troubles if isinstance(one, OverQuota)]:
            self._patience.after_refusal(refused)
        for stale in troubles:
            if isinstance(stale, StaleToken):
                self._renew(stale, fresh=fresh)
                return True
        return fresh

    def _renew(self, stale: StaleToken, *, fresh: bool) -> None:
        """Get a new access token; one that was new already and is not taken means that the sign-in is of no use."""
        if fresh and stale.foreign:
            raise Unavailable(BETWEEN, cut_off=True) from stale
        if fresh:
            raise LoginNeeded(f"Google does not accept the sign-in any more: {self._host.sign_in}") from stale
        try:
            self._wire.refresh()
        except Lost as err:
            raise err.outward() from err

    def _exchange(self, calls: Sequence[Call]) -> list[dict[str, Any] | Internal]:
        """Ask some calls together; return the answer of each.

        Raises:
            Lost: of none there is an answer.
            ConnectorError: one that says that no call can work.
        """
        if len(calls) == 1:
            answers = [self._judged(calls[0])]
        else:
            content_type, body = write_batch([call.request for call in calls])
            response, content = self._wire.request(self._batch, "POST", body, {"content-type": content_type})
            if response.status != 200:  # noqa: PLR2004 -- HTTP
                trouble = tell_apart(response.status, response, content, self._host.sign_in)
                if not isinstance(trouble, OverQuota | StaleToken):
                    # The batch itself is wrong: no word about its parts.
                    raise trouble if isinstance(trouble, ConnectorError | Lost) else odd()
                answers = [trouble] * len(calls)
            elif is_page(response.get("content-type"), content):
                raise between()
            else:
                parts = read_batch(response, content, len(calls))
                answers = [self._judge(call.request, part) for call, part in zip(calls, parts, strict=True)]
        for answer in answers:
            if isinstance(answer, ConnectorError):
                raise answer
        refused = [isinstance(answer, OverQuota | StaleToken | Lost) for answer in answers]
        accepted = sum(call.units for call, no in zip(calls, refused, strict=True) if not no)
        if accepted:
            self._pacer.accepted(accepted)
        return [answer for answer in answers if not isinstance(answer, ConnectorError)]

    def _judged(self, call: Call) -> dict[str, Any] | Internal | ConnectorError:
        try:
            return self._send(call.request)
        except Lost:
            raise
        except Internal as err:
            return err

    def _send(self, request: Prepared) -> dict[str, Any]:
        # Not by the library's `execute`, which makes a POST of a GET with a long address.
        return self._read(request, self._wire.request(request.uri, request.method, request.body, request.headers))

    def _judge(self, request: Prepared, part: "Answer") -> dict[str, Any] | Internal | ConnectorError:
        try:
            return self._read(request, part)
        except (Internal, ConnectorError) as err:
            return err

    def _read(self, request: Prepared, answer: "Answer") -> dict[str, Any]:
        response, content = answer
        if response.status >= 300:  # noqa: PLR2004 -- HTTP; the library's own error trips over some bodies
            raise tell_apart(response.status, response, content, self._host.sign_in)
        try:
            told = request.postproc(response, content)
        except (ValueError, RecursionError):
            told = content  # no document
        if request.method == "DELETE" and not told:
            return {}
        if not isinstance(told, dict):
            raise between() if is_page(response.get("content-type"), content) else odd()
        return told
