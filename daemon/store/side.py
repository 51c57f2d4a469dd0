"""The side file: how the last round went. It changes each round, the ledger does not; losing it is harmless.

A page or so of JSON, replaced at one stroke but not flushed. A broken one is like none.
"""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

import orjson

from daemon.store import disk

log = logging.getLogger(__name__)

Health = Literal["ok", "needs-login", "unavailable", "refused"]

_NAME: Final = "status.json"
_LENGTH: Final = 4096
_DETAILS: Final = (400, 100, 30, 0)  # characters of detail to try, until it all fits
_HEALTHS: Final = get_args(Health)


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """How an account is.

    `detail` is a sentence for the user, empty when all is well. `synced_at`: when it was last read through without a
    fault; `read_at`: when anything was last read. `done`/`total`: how far a first sync has come, in mails; None when
    there is none under way or the total is unknown. While it fails: `failing_since`, how many times in a row
    (`failures`), before when the service does not ask it again (`again_at`), and the `stamp` of its sign-in then.
    """

    name: str
    health: Health
    detail: str = ""
    synced_at: datetime | None = None
    read_at: datetime | None = None
    done: int | None = None
    total: int | None = None
    failing_since: datetime | None = None
    failures: int = 0
    again_at: datetime | None = None
    stamp: int = 0


@dataclass(frozen=True, slots=True)
class Prospect:
    """Who is due, while auld has not written any draft yet; worked out for the state and config that `tag` names.

    `ready` people are due and nothing but a pause holds a draft to them back, `held` are due and held; `next_due_at` is
    when the first of the others becomes due. `taking`: some account takes drafts.
    """

    tag: str
    ready: int
    held: int
    next_due_at: datetime | None
    taking: bool


@dataclass(frozen=True, slots=True)
class SideStatus:
    """How the last round went.

    `reached`: the month ("2026-10"), how many people were reached in it, and the ledger's generation, as text, for
    which that was counted: for another generation it has to be counted anew. `told`: what the user was notified of
    and when (daemon/notices.py). `prospect` is None once auld wrote a draft.
    """

    last_round_at: datetime | None = None
    next_round_at: datetime | None = None
    rounds: int = 0
    accounts: tuple[AccountHealth, ...] = ()
    reached: tuple[str, int, str] | None = None
    told: tuple[tuple[str, datetime], ...] = ()
    prospect: Prospect | None = None


def read_side(folder: Path) -> SideStatus | None:
    """Return what the side file says, None if there is none or it is broken or unreadable."""
    try:
        data = disk.read(folder / _NAME)
        return None if data is None else _decode(orjson.loads(data))
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as err:
        log.info("the side file is of no use: %s", err)
        return None


def write_side(folder: Path, status: SideStatus) -> None:
    """Replace the side file. Details are cut until it is a page; a failure is only logged."""
    for length in _DETAILS:
        accounts = tuple(replace(one, detail=one.detail[:length]) for one in status.accounts)
        data = _encode(replace(status, accounts=accounts))
        if len(data) <= _LENGTH:
            break
    try:
        disk.put_lightly(folder / _NAME, data)
    except OSError as err:
        log.warning("cannot write %s: %s", folder / _NAME, err.strerror)


def _encode(status: SideStatus) -> bytes:
    try:
        return orjson.dumps(status)
    except TypeError:  # half a surrogate pair in a provider's words
        accounts = (replace(one, detail=one.detail.encode("utf-8", "replace").decode()) for one in status.accounts)
        return orjson.dumps(replace(status, accounts=tuple(accounts)))


def _decode(fields: dict[str, Any]) -> SideStatus:
    reached = fields["reached"]
    return SideStatus(
        last_round_at=_instant(fields["last_round_at"]),
        next_round_at=_instant(fields["next_round_at"]),
        rounds=int(fields["rounds"]),
        accounts=tuple(_account(one) for one in fields["accounts"]),
        reached=None if reached is None else (str(reached[0]), int(reached[1]), str(reached[2])),
        told=tuple((str(of), _moment(at)) for of, at in fields.get("told", ())),
        prospect=_prospect(fields.get("prospect")),
    )


def _prospect(fields: dict[str, Any] | None) -> Prospect | None:
    if fields is None:
        return None
    return Prospect(
        tag=str(fields["tag"]),
        ready=int(fields["ready"]),
        held=int(fields["held"]),
        next_due_at=_instant(fields["next_due_at"]),
        taking=bool(fields["taking"]),
    )


def _account(fields: dict[str, Any]) -> AccountHealth:
    if fields["health"] not in _HEALTHS:
        raise ValueError(f"no such health: {fields['health']!r}")
    return AccountHealth(
        name=str(fields["name"]),
        health=fields["health"],
        detail=str(fields["detail"]),
        synced_at=_instant(fields["synced_at"]),
        read_at=_instant(fields["read_at"]),
        done=_number(fields["done"]),
        total=_number(fields["total"]),
        failing_since=_instant(fields.get("failing_since")),
        failures=int(fields.get("failures", 0)),
        again_at=_instant(fields.get("again_at")),
        stamp=int(fields.get("stamp", 0)),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return at.astimezone(UTC)


def _number(value: object) -> int | None:
    if value is not None and not isinstance(value, int):
        raise TypeError(f"{value!r} is no number")
    return value
