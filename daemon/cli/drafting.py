"""Drafting: draft, drafts."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from shlex import quote
from typing import TYPE_CHECKING, Any, get_args

from daemon.cli.choices import confirmed, named
from daemon.cli.options import DONE, NEEDS_USER, UsageError
from daemon.cli.output import count, day, fold, plain, print_json, print_table, say
from daemon.cli.reading import none_written, tell_unwritten
from daemon.cli.session import Session, pick
from daemon.due import HoldRule
from daemon.model import DraftRecord, Due, Status
from daemon.overview import Overview, Row
from daemon.settings import Language, Occasion, Settings
from daemon.state import State
from daemon.writing import Written

if TYPE_CHECKING:
    from daemon.drafting import Drafted

_KEY_SHOWN = 8  # hex digits
_OLD = timedelta(days=1)  # facts read longer ago may miss whom you met yesterday

# A draft asked for by name is written whatever the rhythm says, but not against these.
_FIRM = {
    HoldRule.MUTED,
    HoldRule.FORGOTTEN,
    HoldRule.DRAFT_OPEN,
    HoldRule.OWN_DRAFT,
    HoldRule.NO_ADDRESS,
    HoldRule.DEAD,
}


def draft_json(one: Written) -> dict[str, Any]:
    """Return a draft as interface keys."""
    return {
        "key": one.record.key,
        "person": one.person,
        "to": one.record.email,
        "account": one.account,
        "occasion": one.record.occasion,
        "language": one.record.language,
        "subject": one.draft.subject,
        "body": one.draft.body,
        "in_reply_to": one.draft.in_reply_to or None,
    }


def draft(session: Session, who: str | None, occasion: str | None, *, dry: bool, as_json: bool) -> int:
    """Write the drafts that are due now, or the one asked for."""
    if occasion is not None and who is None:
        raise UsageError(f'--occasion goes with a person: auld draft "Ana Lima" --occasion {plain(occasion)}')
    wanted = _occasion(occasion)
    with session.state(write=not dry) as state:
        drafted = (
            _named_draft(session, state, who, wanted, dry=dry)
            if who is not None
            else _due_drafts(session, state, dry=dry)
        )
        why_none = none_written(session, state, drafted)
    written, unwritten = drafted.written, drafted.unwritten
    for one in written:
        if one.remark:
            say(f"{plain(one.person)}: as auld wrote it, without the model: {plain(one.remark, 400)}")
        if dry and session.options.verbose and one.brief is not None:
            say(_leaving(session.settings, one))
    if as_json:
        print_json([draft_json(one) for one in written])
    else:
        show(written)
    tell_unwritten(unwritten)
    if written and dry:
        say(f"{count(len(written), 'draft')} would be written; nothing was.{_rewriting(session)}")
    elif written:
        places = ", ".join(sorted({one.account for one in written}))
        say(f"{count(len(written), 'draft')} written, in the Drafts folder of {plain(places)}. Nothing is sent.")
    else:
        say(why_none)
        if dry and who is not None and unwritten:
            say(f"To look at one all the same: auld draft {quote(who)} --preview {occasion or 'catch-up'}")
    faulty = drafted.faults or any(one.fault for one in unwritten)
    return NEEDS_USER if faulty or (who and not written) else DONE


def _rewriting(session: Session) -> str:
    """Return what a dry run does not show: that a model may rewrite the drafts."""
    model = session.settings.writing.model
    if model is None:
        return ""
    more = "" if session.options.verbose else "; -v shows what it would be sent"
    return f" {plain(model.model)} may rewrite what is written{more}."


def _leaving(settings: Settings, one: Written) -> str:
    """Return what the language model would be sent for a draft, byte for byte."""
    from daemon import rewriting  # noqa: PLC0415
    from daemon.writing import examples  # noqa: PLC0415

    model = settings.writing.model
    assert model is not None
    assert one.brief is not None
    try:
        document = rewriting.exchange(one.brief, model, examples(settings))
    except OSError as err:
        return f"{plain(one.person)}: nothing would leave: writing.examples cannot be read ({err.strerror or err})"
    if not document:
        return f"{plain(one.person)}: nothing would leave this machine"
    shown = "".join(char if char == "\n" or char.isprintable() else f"\\u{ord(char):04x}" for char in document)
    return f"{plain(one.person)}: this would go to {plain(model.url)}/chat/completions:\n{shown}"


def _occasion(name: str | None) -> Occasion | None:
    if name is None:
        return None
    for known in get_args(Occasion):
        if known == name:
            occasion: Occasion = known
            return occasion
    raise UsageError(f'there is no occasion "{plain(name)}"; there are {", ".join(get_args(Occasion))}')


def _due_drafts(session: Session, state: State, *, dry: bool) -> "Drafted":
    from daemon.drafting import write_due  # noqa: PLC0415
    from daemon.drafts import peek, settle, without_reading  # noqa: PLC0415
    from daemon.due import Asker  # noqa: PLC0415
    from daemon.turn import overview  # noqa: PLC0415

    turn = session.turn(state)
    faults: Sequence[str] = ()
    unseen: Collection[str] = ()
    if not dry:
        seen = peek(turn)
        settle(turn, seen, overview(turn), without_reading(turn))
        faults, unseen = seen.faults, seen.unseen
        for fault in faults:
            say(plain(fault, 600))
    _warn(session, state)
    return replace(write_due(turn, Asker.TYPED, dry=dry, unseen=unseen), faults=faults)


def _named_draft(session: Session, state: State, who: str, occasion: Occasion | None, *, dry: bool) -> "Drafted":
    from daemon.drafting import Drafted, Unwritten, write_one  # noqa: PLC0415
    from daemon.drafts import look_at_own, peek, settle, without_reading  # noqa: PLC0415
    from daemon.turn import overview  # noqa: PLC0415

    turn = session.turn(state)
    pick(overview(turn), who)  # who it is comes before anything is touched
    unseen: Collection[str] = ()
    if not dry:
        seen = peek(turn)
        settle(turn, seen, overview(turn), without_reading(turn))
        unseen = seen.unseen
        for fault in [*seen.faults, *look_at_own(turn, turn.accounts.taking_drafts())]:
            say(plain(fault, 600))
    view: Overview = overview(turn)
    row: Row = pick(view, who)
    plan = view.plan(row)
    due = Due(plan.standing, plan.rate, occasion or plan.occasion, plan.account, plan.reason)
    firm = [hold for hold in row.holds if hold.rule in _FIRM]
    if firm:
        return Drafted([], [Unwritten(named(row.standing.person), firm[0].text)])
    for hold in row.holds:
        say(f"Note: by itself auld would wait: {plain(hold.text, 400)}")
    return write_one(turn, row, due, view, dry=dry, unseen=unseen)


def _warn(session: Session, state: State) -> None:
    from daemon.unread import unread  # noqa: PLC0415

    for sentence in unread(state, session.settings):
        say(plain(sentence, 600))
    for account in state.side().accounts:
        if account.health == "ok" and account.synced_at is not None and session.now - account.synced_at > _OLD:
            when = day(account.synced_at, session.zone)
            say(f'Note: "{plain(account.name)}" was last read on {when}; auld once reads first, then drafts.')


def show(written: Sequence[Written]) -> None:
    """Print drafts as one would read them."""
    for place, one in enumerate(written):
        if place:
            print("─" * 72)
        print(f"To:      {plain(one.draft.to.name)} <{plain(one.draft.to.email)}>".replace(":       <", ":      <"))
        print(f"Subject: {plain(one.draft.subject)}")
        print()
        for line in one.draft.body.splitlines():
            print(fold(plain(line, 2000)))
        print()


def preview(session: Session, occasion: str, who: str | None, language: str | None, *, as_json: bool) -> int:
    """Show what the templates say: to a person, or, which works without any config, with facts about nobody."""
    from daemon.compose import preview as example  # noqa: PLC0415
    from daemon.writing import phrasebook  # noqa: PLC0415

    wanted = _occasion(occasion)
    assert wanted is not None
    if who is not None:
        return _preview_to(session, who, wanted, as_json=as_json)
    settings = session.settings if session.config_path.is_file() else Settings()
    chosen = _language(language) or settings.me.language
    own = phrasebook(settings)
    composed = example(wanted, chosen, phrasebook=own)
    for fault in own.faults():
        if fault.place.startswith((f"{chosen}/{wanted}.", f"{chosen}/common.")):
            say(f"auld's own words are used in the place of {plain(str(fault), 400)}")
    if as_json:
        print_json({"occasion": wanted, "language": chosen, "subject": composed.subject, "body": composed.body})
    else:
        print(f"Subject: {plain(composed.subject)}\n")
        for line in composed.body.split("\n"):
            print(plain(line, 2000))
    return DONE


def _preview_to(session: Session, who: str, occasion: Occasion, *, as_json: bool) -> int:
    """Show what a draft to a person would be, whatever holds it back."""
    from daemon.writing import Desk, NoDraft, prepare  # noqa: PLC0415

    with session.state() as state:
        view = session.overview(state)
        row = pick(view, who)
        plan = replace(view.plan(row), occasion=occasion)
        try:
            written = prepare(
                Desk(view, state, session.settings, session.now, session.zone), row, plan, (), typed=True, shown=True
            )
        except NoDraft as err:
            raise UsageError(str(err)) from err
    if as_json:
        print_json(draft_json(written))
    else:
        show([written])
    say("A preview: nothing was written.")
    return DONE


def _language(name: str | None) -> Language | None:
    if name is None:
        return None
    for known in get_args(Language):
        if known == name:
            language: Language = known
            return language
    raise UsageError(f'there are no wordings in "{plain(name)}"; there are {", ".join(get_args(Language))}')


def drafts(session: Session, *, as_json: bool) -> int:
    """Print the ledger of drafts."""
    with session.state() as state:
        records = sorted(state.drafts, key=lambda record: (record.created_at, record.key), reverse=True)
    if as_json:
        print_json([record_json(record) for record in records])
        return DONE
    if not records:
        say("No drafts yet.")
        return DONE
    print_table(
        ["person", "subject", "status", "written", "changed", "account", "key"],
        [
            [
                record.person,
                record.subject,
                str(record.status),
                day(record.created_at, session.zone),
                day(record.changed_at, session.zone),
                record.account,
                short_key(record),
            ]
            for record in records
        ],
        wide={0: 14, 1: 20},
        spare=[5, 4],
    )
    return DONE


def short_key(record: DraftRecord) -> str:
    """Return as much of a draft's key as tells it from others: the user types it after --withdraw."""
    return record.key[:_KEY_SHOWN]


def record_json(record: DraftRecord) -> dict[str, Any]:
    """Return a draft of the ledger as interface keys."""
    return {
        "key": record.key,
        "person": record.person,
        "to": record.email,
        "account": record.account,
        "occasion": record.occasion,
        "subject": record.subject,
        "status": str(record.status),
        "created_at": record.created_at,
        "changed_at": record.changed_at,
    }


def may_withdraw_all(session: Session) -> bool:
    """Ask at a terminal whether ``--all`` without ``--withdraw`` is meant: elsewhere it shows more than else."""
    with session.state() as state:
        waiting = sum(record.status in {Status.OPEN, Status.PLANNED} for record in state.drafts)
    if not waiting or confirmed(f"Take {count(waiting, 'untouched draft')} out of Drafts?"):
        return True
    say("Nothing was changed. auld drafts, without --all, shows them.")
    return False


def withdraw(session: Session, key: str | None) -> int:
    """Remove untouched drafts from Drafts: one, or all. No back-off follows."""
    from connectors.errors import ConnectorError  # noqa: PLC0415
    from daemon.drafts import withdraw_one  # noqa: PLC0415

    with session.state(write=True) as state:
        turn = session.turn(state)
        records = [record for record in state.drafts if record.status in {Status.OPEN, Status.PLANNED, Status.EDITED}]
        if key is not None:
            wanted = key.strip("<> ")
            records = [record for record in records if record.key == wanted] or [
                record for record in records if wanted and record.key.startswith(wanted)
            ]
            if not records:
                raise UsageError(f'no unsent draft has the key "{plain(key)}"; see auld drafts')
            if len(records) > 1:
                raise UsageError(f'"{plain(key)}" begins {len(records)} keys; type more of it')
        done = 0
        for record in records:
            try:
                word = withdraw_one(turn, record)
            except ConnectorError as err:
                say(f"{plain(record.person)}: {err}")
                continue
            done += not word
            if word:
                say(f"{plain(record.person)}: {plain(word, 400)}")
    say(f"{count(done, 'draft')} withdrawn.")
    return DONE if done == len(records) else NEEDS_USER
