"""Calls of one account: paced, each answer judged, reads tried again, writes never blindly.

A read that was throttled, or lost on the way, is asked again; several go in one batch, and each is judged alone. A
write that got no answer may have been done: that is told, and not tried again. May be used by several threads: what
slows one down slows all of them down, for the mailbox's limits hold for all together.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final

from connectors.base import Host
from connectors.errors import ConnectorError, LoginNeeded
from connectors.faults import is_page
from connectors.outlook.batch import MOST, read_batch, read_document, write_batch
from connectors.outlook.call import Call
from connectors.outlook.faults import (
    Astray,
    Internal,
    Lost,
    Missing,
    Skipped,
    StaleToken,
    Throttled,
    TooSlow,
    between,
    odd,
    tell_apart,
)
from connectors.outlook.patience import Patience
from connectors.pace import Backoff

if TYPE_CHECKING:
    from connectors.outlook.wire import Wire

SIDE_BY_SIDE: Final = 4
"""How many calls of one mailbox Graph lets go at a time."""


@dataclass(slots=True)
class _Try:
    """What a call goes with: an access token, whether that was got anew for it, and when it went."""

    token: str
    fresh: bool = False
    sent_at: float = 0.0


class Calls:
    """What an account asks."""

    def __init__(self, wire: "Wire", host: Host) -> None:
        self._wire = wire
        self._host = host
        self._patience = Patience(host)
        self._door = BoundedSemaphore(SIDE_BY_SIDE)

    def read(self, call: Call) -> dict[str, Any]:
        """Return the document that a read gives.

        Raises:
            Missing, Gone, Rejected, Astray: as they are named.
            TooSlow: the server does not get it done; it was asked twice.
            ConnectorError: as the contract says.
        """
        backoff, slow = self._patience.backoff(), 0
        going = _Try(self._wire.access())
        while True:
            try:
                return self._once(call, going)
            except Throttled as err:
                self._patience.after_refusal([err], going.sent_at)
            except StaleToken as err:
                going = self._renew(err, going)
            except Astray:
                raise
            except Lost as err:
                slow += isinstance(err, TooSlow)
                if slow > 1:
                    raise
                self._patience.after_loss([err], backoff)

    def read_all(self, calls: Sequence[Call]) -> list[dict[str, Any] | None]:
        """Return the documents of some reads, in their order, in batches; None for what is not there (any more).

        Raises:
            Gone, Rejected: as they are named.
            ConnectorError: as the contract says.
        """
        found: list[dict[str, Any] | None] = [None] * len(calls)
        left = deque(range(len(calls)))
        backoff = self._patience.backoff()
        trying = _Try(self._wire.access())
        while left:
            going = [left.popleft() for _ in range(min(MOST, len(left)))]
            try:
                answers = self._exchange([calls[number] for number in going], trying)
            except Lost as err:
                left.extendleft(reversed(going))
                self._patience.after_loss([err], backoff)
                continue
            again: list[int] = []
            troubles: list[Throttled | StaleToken | Lost] = []
            for number, answer in zip(going, answers, strict=True):
                if isinstance(answer, Throttled | StaleToken | Lost):
                    again.append(number)
                    troubles.append(answer)
                elif isinstance(answer, Skipped):
                    again.append(number)
                elif isinstance(answer, dict):
                    found[number] = answer
                elif not isinstance(answer, Missing):
                    raise answer
            left.extendleft(reversed(again))  # one that failed is the first of the next batch: nothing works before it
            if len(again) < len(going):
                self._patience.accepted(len(going) - len(again))
                backoff.worked()
            elif not troubles:
                troubles.append(odd())  # each waits for another one
            trying = self._get_over(troubles, backoff, trying)
        return found

    def write(self, call: Call) -> dict[str, Any]:
        """Do something once; what was throttled was not done and is tried again.

        Raises:
            Missing, Rejected, Changed: as they are named; nothing was done.
            Unavailable, BadReply: no answer: it may have been done.
            ConnectorError: as the contract says; nothing was done.
        """
        going = _Try(self._wire.access())
        while True:
            try:
                return self._once(call, going)
            except Throttled as err:
                self._patience.after_refusal([err], going.sent_at)
            except StaleToken as err:
                going = self._renew(err, going)
            except Lost as err:
                raise err.outward() from err

    # -- one exchange --------------------------------------------------------------------------------------------------

    def _send(self, call: Call, going: _Try, count: int) -> tuple[int, dict[str, str], object]:
        """Ask, as soon as there is a place and the pace allows; return status, headers and document."""
        # In this order: who has waited for a place must not go into a pause that began meanwhile.
        with self._door:
            going.sent_at = self._patience.allow(count)
            status, headers, content = self._wire.request(call, going.token)
        if call.verb == "DELETE" and not content:
            return status, headers, {}
        document = read_document(content)
        if document is None and status < 300 and is_page(headers.get("content-type"), content):  # noqa: PLR2004 -- HTTP
            raise between()
        return status, headers, document

    def _once(self, call: Call, going: _Try) -> dict[str, Any]:
        answer = self._judge(*self._send(call, going, 1))
        if not isinstance(answer, dict):
            raise answer
        self._patience.accepted(1)
        return answer

    def _exchange(self, calls: Sequence[Call], going: _Try) -> list[dict[str, Any] | Internal]:
        """Ask some calls together; return the answer of each.

        Raises:
            Lost: of none there is an answer.
            ConnectorError: one that says that no call can work.
        """
        status, headers, document = self._send(write_batch(calls), going, len(calls))
        if status != 200:  # noqa: PLR2004 -- HTTP
            trouble = tell_apart(status, headers, document, self._host.sign_in)
            if not isinstance(trouble, Throttled | StaleToken):
                # The batch itself is wrong: no word about its parts.
                raise trouble if isinstance(trouble, ConnectorError | Lost) else odd()
            return [trouble] * len(calls)
        answers: list[dict[str, Any] | Internal] = []
        for part in read_batch(document, len(calls)):
            answer = odd() if part is None else self._judge(*part)
            if isinstance(answer, ConnectorError):
                raise answer
            answers.append(answer)
        return answers

    def _judge(
        self, status: int, headers: Mapping[str, str], document: object
    ) -> dict[str, Any] | Internal | ConnectorError:
        if status >= 300:  # noqa: PLR2004 -- HTTP
            return tell_apart(status, headers, document, self._host.sign_in)
        return document if isinstance(document, dict) else odd()

    # -- what helps ----------------------------------------------------------------------------------------------------

    def _get_over(self, troubles: Sequence[Throttled | StaleToken | Lost], backoff: Backoff, trying: _Try) -> _Try:
        """Do what helps against parts that failed, once for each kind; return what to go on with."""
        if lost := [one for one in troubles if isinstance(one, Lost)]:
            self._patience.after_loss(lost, backoff)
        if throttled := [one for one in troubles if isinstance(one, Throttled)]:
            self._patience.after_refusal(throttled, trying.sent_at)
        for stale in troubles:
            if isinstance(stale, StaleToken):
                return self._renew(stale, trying)
        return trying if troubles else _Try(trying.token)

    def _renew(self, stale: StaleToken, going: _Try) -> _Try:
        """Get a new access token; one that was new already and is not taken means that the sign-in is of no use."""
        if going.fresh:
            raise LoginNeeded(f"Microsoft does not accept the sign-in any more: {self._host.sign_in}") from stale
        return _Try(self._wire.renew(going.token), fresh=True)
