"""What `auld check` says of this machine and this installation: clock, time zone, disk, templates."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, get_args

from connectors.base import Finding
from daemon.cli.output import plain
from daemon.cli.session import Session
from daemon.settings import Language, Model, Occasion
from daemon.store import read_side

_ENOUGH_DISK: Final = 200 * 1024 * 1024
_EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SLACK: Final = timedelta(minutes=5)
_LOCALTIME: Final = Path("/etc/localtime")


def clock_found(session: Session) -> Iterator[Finding]:
    """Yield what the clock says, by the calendar and by what auld saw before, and whether the time zone is known."""
    now = session.now
    shown = f"{now.astimezone(session.zone):%Y-%m-%d %H:%M} {session.zone.key}"
    side = read_side(session.folder)
    seen = [side.last_round_at, *(one.read_at for one in side.accounts)] if side is not None else []
    latest = max((at for at in seen if at is not None), default=now)
    if now < _EARLIEST:
        yield Finding("clock", "fail", f"it says {shown}, which is past", "set the machine's clock")
    elif latest - now > _SLACK:
        was = f"{latest.astimezone(session.zone):%Y-%m-%d %H:%M}"
        detail = f"it says {shown}, but auld read mail at {was} by the same clock: it was wrong then, or is now"
        yield Finding("clock", "warn", detail, "set the machine's clock (timedatectl shows whether it sets itself)")
    else:
        yield Finding("clock", "ok", shown)
    if not _zone_told(session):
        detail = "the system does not tell its time zone: days and hours are those of UTC"
        yield Finding("time zone", "warn", detail, 'timezone = "Europe/Amsterdam" or the like under [me] in the config')


def _zone_told(session: Session) -> bool:
    """Say whether the zone is known; UTC also stands in for one that is not."""
    if session.settings.me.timezone or session.zone.key != "UTC":
        return True
    return bool(os.environ.get("TZ")) or "UTC" in str(_LOCALTIME.resolve())


def disk_found(session: Session) -> Iterator[Finding]:
    """Yield whether there is room where the state lies, and whether it can be written to."""
    place = folder = session.folder
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    text = f"{free // (1024 * 1024):,} MB free where the state lies ({folder})"
    if free < _ENOUGH_DISK:
        yield Finding("disk", "warn", text, "make room; auld keeps its old state when a write fails")
    else:
        yield Finding("disk", "ok", text)
    if not os.access(place, os.W_OK):
        yield Finding(
            "state folder",
            "fail",
            f"{place} cannot be written to",
            "mend its permissions, or name another with state = …",
        )


def _model_found(model: Model) -> Finding:
    from daemon.rewriting import unreachable  # noqa: PLC0415 -- loads requests

    told = f"{plain(model.model)} may rewrite drafts; it is told no name and no subject"
    if reason := unreachable(model):
        return Finding("model", "warn", f"{told}, but {reason}", "until it is there, drafts stay as auld writes them")
    return Finding("model", "ok", told, "what it would be sent: auld draft --dry-run -v")


def templates_found(session: Session) -> Iterator[Finding]:
    """Yield whether the wordings that come with auld are whole, and what is wrong with the user's own."""
    from daemon.compose import BUILT_IN, BrokenTemplate, preview  # noqa: PLC0415
    from daemon.writing import examples, phrasebook  # noqa: PLC0415

    settings, occasions = session.settings, get_args(Occasion)
    wished: set[Language | None] = {settings.me.language, *(one.language for one in settings.people)}
    wished |= {one.language for one in settings.circles}
    languages: list[Language] = sorted(one for one in wished if one is not None)
    try:
        for language in languages:
            preview("catch-up", language, phrasebook=BUILT_IN)
        yield Finding("templates", "ok", f"{len(occasions)} occasions in {', '.join(languages)}")
    except BrokenTemplate as err:
        yield Finding("templates", "fail", str(err), "install auld again")
    if settings.writing.model is not None:
        yield _model_found(settings.writing.model)
        try:
            examples(settings)
        except OSError as err:
            told = f"writing.examples cannot be read ({err.strerror or err})"
            yield Finding("model", "warn", plain(told), "correct the path; until then drafts stay as auld writes them")
    own = phrasebook(settings)
    if own.own is None:
        return
    faults = list(own.faults())
    for fault in faults:
        yield Finding(
            "templates",
            "warn",
            plain(str(fault) if fault.place.startswith(str(own.own)) else f"{own.own.name}/{fault}", 400),
            "mend it; until then auld's own words are used in its place",
        )
    if not faults:
        yield Finding("templates", "ok", f"your own in {plain(str(own.own))}", "")
