"""The command `auld status`: how auld is doing, on one screen.

It only looks: also while another auld writes the state, and in the midst of a first read.
"""

from collections.abc import Iterator
from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daemon.cli.options import DONE, NEEDS_USER
from daemon.cli.output import count, day, moment, plain, print_json
from daemon.cli.session import Session
from daemon.health import health_of
from daemon.model import UNSENT, DraftRecord, Status
from daemon.service.standing import Standing, holder
from daemon.state import AccountState, State
from daemon.store import AccountHealth, Lock
from daemon.unread import unread

if TYPE_CHECKING:
    from daemon.store import Prospect


def status(session: Session, *, as_json: bool) -> int:
    """Print how auld is doing."""
    with session.state() as state:
        document = status_json(session, state)
        sentences = unread(state, session.settings)
        paused = state.meta.paused_until
    code = DONE if document["healthy"] else NEEDS_USER
    if as_json:
        print_json(document)
        return code
    zone = session.zone
    print("healthy" if document["healthy"] else "something needs you")
    if not document["taking_drafts"] and document["accounts"]:
        print("  no account takes drafts, so none can be written: auld check says what to do")
    if document["trouble"]:
        print(f"  no round since {moment(document['trouble_since'], zone)}: {plain(document['trouble'], 600)}")
    if not document["first_read"]["running"] or not document["healthy"]:  # else nothing is amiss, and it goes on
        for sentence in sentences:
            print(f"  {plain(sentence, 600)}")
    for line in _lines(session, document):
        print(line)
    if paused is not None and paused > session.now:
        print(f"paused       no drafts before {day(paused, zone)} (auld resume)")
    return code


def _lines(session: Session, document: dict[str, Any]) -> Iterator[str]:
    zone = session.zone
    last, following, running = document["last_round"], document["next_round"], document["running"]
    yield f"service      {plain(running) if running else 'not running: auld service install, or auld run'}"
    yield f"last round   {moment(last, zone) if last else 'none yet: auld once'}"
    if document["round_since"]:
        yield f"next round   under way since {moment(document['round_since'], zone)}"
    elif running and following:
        yield f"next round   {moment(following, zone)}"
    if text := _first_read(session, document):
        yield f"first read   {text}"
    for one in document["accounts"]:
        yield f"account      {_account(one, zone)}"
    month, drafts = document["month"], document["next_drafts"]
    yield f"drafts       {document['open_drafts']} wait in Drafts (at most {session.settings.rhythm.open})"
    yield (
        f"this month   {month['written']} of {month['goal']} drafts written, {month['sent']} sent, "
        f"{count(month['reached'], 'person', 'people')} reached"
    )
    if document["look_back"]:
        yield f"last month   {plain(document['look_back'])}"
    when = ""
    if drafts["at"]:
        when = "with the next round: " if drafts["at"] <= session.now else f"from {moment(drafts['at'], zone)}: "
    yield f"{'first drafts' if drafts['first'] else 'next drafts '} {when}{plain(drafts['detail'], 400)}"


def _first_read(session: Session, document: dict[str, Any]) -> str:
    """Return how the first read stands; "" once that is of no more interest."""
    first = document["first_read"]
    if first["running"]:
        return f"under way ({plain(first['running'])})"
    if not first["begun"]:
        missing = [one["name"] for one in document["accounts"] if one["enabled"] and one["health"] == "needs-login"]
        return "none yet: " + "".join(f"{plain(f'auld login {quote(name)}')}, then " for name in missing) + "auld sync"
    if not first["through"]:
        return "broken off, and nothing is lost: auld sync goes on with it"
    at = first["at"]
    return f"done on {moment(at, session.zone)}" if document["next_drafts"]["first"] and at else ""


def _account(one: dict[str, Any], zone: ZoneInfo) -> str:
    synced, under_way = one["synced_at"], one["backfill"]
    when = f"read {moment(synced, zone)}" if synced else "not read through yet" if under_way else "not read yet"
    since = f" since {moment(one['failing_since'], zone)}" if one["failing_since"] else ""
    return f"{plain(one['name'])} ({one['kind']}): {one['health']}{since}, {when}{_far(one)}"


def _far(one: dict[str, Any]) -> str:
    under_way = one["backfill"]
    if not under_way:
        return ""
    if not under_way["total"]:
        return "; mails are being counted"
    older = ", older ones follow" if one["mail_through"] else ""
    return f"; {under_way['done']:,} of {under_way['total']:,} mails{older}"


def status_json(session: Session, state: State) -> dict[str, Any]:
    """Return the status as interface keys."""
    side = state.side()
    health = {one.name: one for one in side.accounts}
    accounts = []
    for one in session.settings.accounts:
        last, kept = health_of(one, health.get(one.name), session.folder), state.account(one.name)
        accounts.append({
            "name": one.name,
            "kind": one.kind,
            "health": last.health if last is not None else "ok",
            "detail": last.detail if last is not None else "" if one.enabled else "enabled = false",
            "synced_at": last.synced_at if last is not None else None,
            "failing_since": last.failing_since if last is not None and one.enabled else None,
            "backfill": _backfill(kept, last),
            "mail_through": kept.mail_through,
            "enabled": one.enabled,
        })  # fmt: skip
    records = list(state.drafts)
    local = session.now.astimezone(session.zone)
    month = [
        record
        for record in records
        if record.status is not Status.WITHDRAWN and _month(record, session) == (local.year, local.month)
    ]
    unhealthy = [one for one in accounts if one["enabled"] and one["health"] != "ok"]
    taking = _takes_drafts(session)
    running, standing = holder(session.folder), Standing.read(session.folder)
    if not running:
        standing = replace(standing, next_round_at=None, round_since=None)
    if side.last_round_at and standing.trouble_since and side.last_round_at > standing.trouble_since:
        standing = replace(standing, trouble="", trouble_since=None)  # `auld once` did it meanwhile
    return {
        "healthy": not unhealthy and bool(accounts) and not standing.trouble and taking,
        "taking_drafts": taking,
        "running": running or None,
        "last_round": side.last_round_at,
        "next_round": standing.next_round_at or side.next_round_at,
        "round_since": standing.round_since,
        "trouble": standing.trouble or None,
        "trouble_since": standing.trouble_since,
        "first_read": _first_read_json(session, state),
        "accounts": accounts,
        "open_drafts": sum(record.status in UNSENT and record.occasion != "look-back" for record in records),
        "month": {
            "goal": session.settings.rhythm.goal,
            "written": sum(_counts(record) for record in month),
            "sent": sum(record.status is Status.SENT for record in month),
            "reached": _reached(session, state),
        },
        "look_back": state.meta.look_back if state.meta.looked_back == f"{local:%Y-%m}" else None,
        "next_drafts": _next_drafts_json(session, state),
    }


def _takes_drafts(session: Session) -> bool:
    """Say whether some account takes drafts; one that cannot be opened is ill for another reason, which is told."""
    from connectors.errors import SettingsError  # noqa: PLC0415

    try:
        return bool(session.accounts.taking_drafts())
    except SettingsError:
        return True


def _backfill(kept: AccountState, last: AccountHealth | None) -> dict[str, int] | None:
    """Return how far a first read has come, None when none is under way; a total of 0 is one that is not known yet.

    Once it counts as through, a provider may still have older mail to tell: that is said with each round.
    """
    if not kept.mail_through and kept.mail_cursor is not None:
        return {"done": min(kept.mail_done, kept.mail_total), "total": kept.mail_total}
    return {"done": last.done or 0, "total": last.total} if last is not None and last.total else None


def _first_read_json(session: Session, state: State) -> dict[str, Any]:
    """Return how the first reads of all enabled accounts stand, taken together."""
    kept = [state.account(one.name) for one in session.settings.accounts if one.enabled]
    through = bool(kept) and all(one.mail_through and one.calendar_through for one in kept)
    return {
        "begun": any(one.mail_cursor is not None or one.mail_through for one in kept),
        "through": through,
        "at": max((one.first_synced_at for one in kept if one.first_synced_at), default=None) if through else None,
        "running": None if through else Lock.holder(session.folder / "lock") or None,
    }


def _next_drafts_json(session: Session, state: State) -> dict[str, Any]:
    from daemon.prospects import expect  # noqa: PLC0415

    expected = expect(state, session.settings, _prospect(session, state), session.now, session.zone)
    return {"first": not len(state.drafts), "at": expected.at, "detail": expected.detail}


def _prospect(session: Session, state: State) -> "Prospect | None":
    """Return who is due, while no draft was written: as it was worked out last, if nothing changed since."""
    from daemon.prospects import look_ahead, tag  # noqa: PLC0415

    if len(state.drafts) or unread(state, session.settings) or not session.settings.accounts:
        return None
    kept = state.side().prospect
    if kept is not None and kept.tag == tag(state, session.settings):
        return kept
    return look_ahead(session.overview(state), state)


def _counts(record: DraftRecord) -> bool:
    from daemon.due import is_within_goal  # noqa: PLC0415

    return is_within_goal(record)


def _month(record: DraftRecord, session: Session) -> tuple[int, int]:
    local = record.created_at.astimezone(session.zone)
    return local.year, local.month


def _reached(session: Session, state: State) -> int:
    """Return how many people were reached this month: as the last round counted, if nothing changed since."""
    side = state.side()
    month = session.now.astimezone(session.zone).strftime("%Y-%m")
    if side.reached is not None and side.reached[0] == month and side.reached[2] == str(state.store.generation):
        return side.reached[1]
    if not len(state.ledger.mails) and not state.ledger.meetings and not len(state.mets):
        return 0
    from daemon.reading import reached_this_month  # noqa: PLC0415

    return reached_this_month(session.turn(state), session.overview(state))[1]
