"""What `auld check` says of the service: its units, and when the last round was."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from connectors.base import Finding
from daemon.cli.installation import installed_look
from daemon.cli.output import count, moment
from daemon.cli.service import FLAG, sentences, what_to_do
from daemon.cli.session import Session
from daemon.service.standing import Standing, holder
from daemon.store import read_side

_LATE: Final = timedelta(days=1)
_MISSED: Final = 3  # rounds


def units_found(session: Session) -> Iterator[Finding]:
    """Yield what `auld check` says of the units."""
    found = installed_look(session)
    place = found.place
    serving = holder(session.folder)
    if not found.installed and serving:
        yield Finding("service", "ok", f"not installed, but it runs ({serving})")
        return
    if not found.installed:
        yield Finding(
            "service", "warn", "not installed: rounds come only when you or a timer start them", what_to_do(found)
        )
        return
    for path in found.edited:
        yield Finding("service", "ok", f"{path} is edited by hand, and left alone")
    if found.trouble:
        failed = found.active in {"failed", "activating"}
        yield Finding("service", "fail" if failed else "warn", f"{place.unit}: {found.trouble}", found.fix)
    elif found.outdated:
        fix = f"auld service install{FLAG[place.form]}"
        yield Finding("service", "warn", f"{place.unit} is of another config or version: it may lack folders", fix)
    else:
        yield Finding("service", "ok", sentences(found, session.zone)[0])


def rounds_found(session: Session) -> Iterator[Finding]:
    """Yield what `auld check` says of the last rounds."""
    side, standing = read_side(session.folder), Standing.read(session.folder)
    last = side.last_round_at if side is not None else None
    if standing.trouble and not (last and standing.trouble_since and last > standing.trouble_since):
        failed = f", {count(standing.rounds_failed, 'time')} in a row" if standing.rounds_failed > 1 else ""
        yield Finding(
            "rounds", "fail", f"the last one failed{failed}: {standing.trouble}", "auld once shows it at work"
        )
        return
    if side is None or side.last_round_at is None:
        yield Finding("rounds", "ok", "none yet: auld once does one")
        return
    age = session.now - side.last_round_at
    every = timedelta(days=session.settings.service.every.in_days())
    told = f"{count(side.rounds, 'round')}, the last on {moment(side.last_round_at, session.zone)}"
    if age > max(_MISSED * every, _LATE):
        days = age // timedelta(days=1)
        yield Finding("rounds", "warn", f"{told}, {count(days, 'day')} ago", "auld service status, or auld once")
    else:
        yield Finding("rounds", "ok", told)
