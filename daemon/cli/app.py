"""The commands and their options. Nothing heavy is imported before a command needs it."""

import sys
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from daemon.cli.options import (
    CONFIG,
    DONE,
    INTERRUPTED,
    KEPT,
    NEEDS_LOGIN,
    NEEDS_USER,
    STATE,
    UNAVAILABLE,
    Options,
    UsageError,
    hoist,
)
from daemon.cli.output import say
from daemon.cli.streams import finish, steady

# A line with \b keeps click from wrapping what follows it.
_GLOBAL: Final = """\b
Options for every command, before or after it:
  --config FILE  the config; else $AULD_CONFIG, else ~/.config/auld/config.toml
  --state DIR    what auld remembers; else `state` in the config,
                 else ~/.local/state/auld
  --now TIME     take this ISO 8601 time for now, to try things out
  -v, --verbose  tell more on stderr
  --version      print the version; with -v also that of state and Python
"""

app = typer.Typer(
    name="auld",
    help="Keeps you in touch: reads who and when (never what) from mail and calendar, and puts short drafts to those "
    "who are due into your Drafts folder. It never sends.\n\nStart here: auld demo, then auld init.",
    epilog=_GLOBAL,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_options = Options()

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
Who = Annotated[str, typer.Argument(metavar="PERSON", help="An address, or part of a name.")]


def _session() -> Any:  # noqa: ANN401 -- Session, imported only when a command runs
    from daemon.cli.session import Session  # noqa: PLC0415

    return Session(_options)


def _serve() -> int:
    from daemon.cli.running import run as serve  # noqa: PLC0415

    return serve(_options)


_AHEAD = 'A span from now, a day or a date: "3 months", "friday", 2027-03-01.'
_AGO = 'A day, a date or a span ago: yesterday, "friday", "12 Oct", "3 days"; else now.'
_Number = Annotated[str | None, typer.Option(metavar="NUMBER", help="Take that one back.")]
_OCCASIONS = "catch-up, lunch, news, new-year, birthday, congratulations, reference or sorry-for-the-silence."


def _end(code: int) -> None:
    raise typer.Exit(code)


def _command(name: str, example: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command with examples under its help."""
    return app.command(name, epilog="\b\nExamples:\n" + "\n".join(f"  {line}" for line in example.split("\n")))


@_command("demo", "auld demo\nauld demo --keep ~/auld-demo")
def demo(
    keep: Annotated[str | None, typer.Option(metavar="DIR", help="Keep the sample and its drafts in DIR.")] = None,
) -> None:
    """Show the whole way on a generated sample mailbox. No account, no config, no network."""
    from daemon.cli.demo import run  # noqa: PLC0415

    _end(run(_options, keep))


@_command("init", "auld init\nauld init --yes --config ~/auld.toml")
def init(
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take what can be guessed.")] = False,
) -> None:
    """Ask a few questions, write the config, and go on: sign-in, first read, review, service.

    Never overwrites a config; typed again, it offers what is left.
    """
    from daemon.cli.setup import init as run  # noqa: PLC0415

    _end(run(_session(), yes=yes))


@_command("login", 'auld login home\nauld login home --no-browser --wait "20 minutes"')
def login(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its name in the config.")],
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser: print the address, or a code to enter.")
    ] = False,
    wait: Annotated[str, typer.Option(metavar="SPAN", help="How long to wait for you.")] = "10 minutes",
) -> None:
    """Sign in to an account. Says before which permissions it asks for, and why."""
    from daemon.cli import signing  # noqa: PLC0415

    _end(signing.login(_session(), account, browser=not no_browser, patience=wait))


@_command("logout", "auld logout home")
def logout(account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its name in the config.")]) -> None:
    """Sign out of an account: take back the permissions where that can be done, and delete the tokens."""
    from daemon.cli import signing  # noqa: PLC0415

    _end(signing.logout(_session(), account))


@_command("check", "auld check\nauld check --json")
def check(as_json: Json = False) -> None:
    """Look at everything that can be wrong, and say what to do. A line each: ok, warn or fail."""
    from daemon.cli.checks import check as run  # noqa: PLC0415

    _end(run(_session(), as_json=as_json))


@_command("sync", "auld sync\nauld sync archive --full")
def sync(
    accounts: Annotated[list[str] | None, typer.Argument(metavar="ACCOUNT", help="Only these.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Start over instead of reading only what is new.")] = False,
) -> None:
    """Read what is new in mail and calendar."""
    from daemon.cli.reading import sync as run  # noqa: PLC0415

    _end(run(_session(), accounts or [], full=full))


@_command(
    "people",
    "auld people\nauld people lima --all\nauld people --merge ana@example.com ana@example.org\n"
    'auld people --split "Ana Lima" anna@example.net\nauld people --joins\nauld people --undo-join 2\n'
    'auld people --write-to "Ana Lima" ana@example.com\nauld people --write-to "Ana Lima" auto',
)
def people(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORD …", help="Words of a name or address.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Also those who are not suggested.")] = False,
    merge: Annotated[bool, typer.Option("--merge", help="--merge A B …: two people or more are one.")] = False,
    split: Annotated[bool, typer.Option("--split", help="--split A ADDRESS: that address is not A's.")] = False,
    listing: Annotated[bool, typer.Option("--joins", help="Show what was merged and split by hand.")] = False,
    undo: Annotated[str | None, typer.Option("--undo-join", metavar="NUMBER", help="Take one of them back.")] = None,
    write_to: Annotated[
        bool, typer.Option("--write-to", help="--write-to A ADDRESS: drafts to A go there; auto: auld chooses.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show people: last contact, how, rhythm, next meeting, state."""
    from daemon.cli import joins  # noqa: PLC0415
    from daemon.cli.people import show_people  # noqa: PLC0415

    given = words or []
    if merge + split + listing + write_to + (undo is not None) > 1:
        raise UsageError("--merge, --split, --joins, --undo-join and --write-to do not go together")
    if (listing or undo is not None) and given:
        raise UsageError("say it without a name: auld people --joins, or auld people --undo-join NUMBER")
    if merge or split or write_to:
        _end(_settle(given, merge=merge, split=split, as_json=as_json))
    code = joins.undo(_session(), undo) if undo is not None else DONE
    if undo is None and not listing:
        code = show_people(_session(), " ".join(given) or None, everybody=everybody, as_json=as_json)
    elif listing or as_json:
        joins.list_joins(_session(), as_json=as_json)
    _end(code)


def _settle(given: list[str], *, merge: bool, split: bool, as_json: bool) -> int:
    """Do what is said of people: merge, split, else where drafts go."""
    from daemon.cli import addresses, joins  # noqa: PLC0415

    if merge:
        if len(given) < 2:  # noqa: PLR2004
            raise UsageError('say two people or more: auld people --merge "Ana Lima" ana@example.org')
        return joins.merge(_session(), given, as_json=as_json)
    if len(given) != 2:  # noqa: PLR2004
        raise UsageError(
            'say who, and which address is not theirs: auld people --split "Ana Lima" ana@example.org'
            if split
            else 'say whom and where: auld people --write-to "Ana Lima" ana@example.com'
        )
    if split:
        return joins.split(_session(), *given, as_json=as_json)
    return addresses.write_to(_session(), *given, as_json=as_json)


@_command("why", 'auld why ana@example.com\nauld why "Ana Lima" --json --limit 200')
def why(
    who: Who,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many of each; else 5, and 50 with --json.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell all that bears on a person: the last contact, when they are due and why, what holds a draft back.

    And the evidence: what you said by hand, what counted as contact, what did not, and by which rule.
    """
    from daemon.cli.why import show_why  # noqa: PLC0415

    _end(show_why(_session(), who, limit=limit, as_json=as_json))


@_command("review", "auld review\nauld review --again\nauld review --list\nauld review --undo ana@example.com")
def review(
    again: Annotated[bool, typer.Option("--again", help="Also those who were reviewed before.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="Show what was decided.")] = False,
    undo: Annotated[str | None, typer.Option(metavar="PERSON", help="Take back what was decided of PERSON.")] = None,
    as_json: Json = False,
) -> None:
    """Go through the suggested people once: keep, circle, mute, later. Every answer is kept at once."""
    from daemon.cli import reviewed  # noqa: PLC0415

    if again + listing + (undo is not None) > 1:
        raise UsageError("--again, --list and --undo do not go together")
    if undo is not None:
        session = _session()
        code = reviewed.undo(session, undo)
        if as_json:
            reviewed.list_reviewed(session, as_json=True)
        _end(code)
    if listing:
        _end(reviewed.list_reviewed(_session(), as_json=as_json))
    if as_json:
        raise UsageError("--json goes with --list: auld review --list --json")
    from daemon.cli.review import review as run  # noqa: PLC0415

    _end(run(_session(), again=again))


@_command("due", "auld due\nauld due --json")
def due(as_json: Json = False) -> None:
    """Show who is due now, in the order drafts would be written."""
    from daemon.cli.people import show_due  # noqa: PLC0415

    _end(show_due(_session(), as_json=as_json))


@_command(
    "draft",
    'auld draft --dry-run\nauld draft\nauld draft "Ana Lima" --occasion lunch\n'
    'auld draft --preview birthday --language fr\nauld draft "Ana Lima" --preview lunch\n'
    "auld draft --dry-run -v        shows besides what a model of [writing.model] would be sent",
)
def draft(
    who: Annotated[str | None, typer.Argument(metavar="PERSON", help="Only to this person, due or not.")] = None,
    occasion: Annotated[str | None, typer.Option(metavar="NAME", help=_OCCASIONS)] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Print the drafts and write nothing.")] = False,
    preview: Annotated[
        str | None, typer.Option(metavar="OCCASION", help="Show what the templates say, to PERSON or to nobody.")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="With --preview: en, de, fr …")] = None,
    as_json: Json = False,
) -> None:
    """Write the drafts that are due now into your Drafts folder. Nothing is sent."""
    from daemon.cli import drafting  # noqa: PLC0415

    if language is not None and (preview is None or who is not None):
        raise UsageError(
            "--language goes with --preview to nobody: auld draft --preview birthday --language fr (somebody's own is "
            "told in the config)"
        )
    if preview is not None:
        _end(drafting.preview(_session(), preview, who, language, as_json=as_json))
    _end(drafting.draft(_session(), who, occasion, dry=dry, as_json=as_json))


@_command("drafts", "auld drafts\nauld drafts --withdraw KEY\nauld drafts --withdraw --all")
def drafts(
    key: Annotated[
        str | None, typer.Argument(metavar="KEY", help="With --withdraw: which one; its beginning will do.")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Remove an untouched draft; no back-off.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="With --withdraw: every untouched draft.")] = False,
    as_json: Json = False,
) -> None:
    """Show the drafts auld wrote and what became of each."""
    from daemon.cli import drafting  # noqa: PLC0415

    if withdraw or everything:
        if (key is None) is not everything:
            raise UsageError("say which: auld drafts --withdraw KEY, or auld drafts --withdraw --all")
        session = _session()
        if not (withdraw or drafting.may_withdraw_all(session)):
            _end(NEEDS_USER)
        code = drafting.withdraw(session, key)
        if as_json:
            drafting.drafts(session, as_json=True)
        _end(code)
    if key is not None:
        raise UsageError("a key goes with --withdraw: auld drafts --withdraw KEY")
    _end(drafting.drafts(_session(), as_json=as_json))


@_command("once", "auld once")
def once() -> None:
    """Do one whole round: read, look after drafts, write new ones.

    For a timer or cron; it keeps to your days, hours and budget.
    """
    from daemon.cli.reading import once as run  # noqa: PLC0415

    _end(run(_session()))


@_command("run", "auld run\nauld run --now 2026-11-24T10:00")
def run() -> None:
    """Do a round every now and then, until told to stop. What systemd starts; auld service install sets that up.

    SIGHUP reads the config again, SIGUSR1 does a round now.
    """
    _end(_serve())


@_command(
    "service",
    "auld service install\nauld service install --timer\nsudo auld service install --system\n"
    "auld service status --json\nauld service uninstall",
)
def service(
    what: Annotated[str, typer.Argument(metavar="install|uninstall|status", help="What to do with the units.")],
    system: Annotated[
        bool, typer.Option("--system", help="The system's units, run as you: no sign-in needed.")
    ] = False,
    timer: Annotated[bool, typer.Option("--timer", help="A timer and `auld once`, nothing stays in memory.")] = False,
    as_json: Json = False,
) -> None:
    """Let systemd run auld: write the units, enable and start them, and say each thing that is done.

    Your own units, or with --system the system's. May be repeated, and is to be when the config names another Drafts
    folder. Units that you edited are left alone. Without systemd: systemd/README.md.
    """
    from daemon.cli.service import service as run  # noqa: PLC0415
    from daemon.units import Form  # noqa: PLC0415

    if system and timer:
        raise UsageError("--timer goes with units of your own, not with --system")
    form = Form.SYSTEM if system else Form.TIMER if timer else Form.USER
    _end(run(_session(), what, form, as_json=as_json))


@_command("status", "auld status\nauld status --json")
def status(as_json: Json = False) -> None:
    """Show the last round, the first read, the accounts, open drafts, this month's goal, when the next drafts come."""
    from daemon.cli.status import status as run  # noqa: PLC0415

    _end(run(_session(), as_json=as_json))


@_command("snooze", 'auld snooze "Ana Lima" "3 months"\nauld snooze ana@example.com 2027-03-01')
def snooze(who: Who, when: Annotated[str, typer.Argument(metavar="WHEN", help=_AHEAD)]) -> None:
    """Not now: no draft to a person before WHEN."""
    from daemon.cli import choices  # noqa: PLC0415

    _end(choices.snooze(_session(), who, when))


@_command("mute", "auld mute ana@example.com")
def mute(who: Who) -> None:
    """Never write to a person."""
    from daemon.cli import choices  # noqa: PLC0415

    _end(choices.mute(_session(), who))


@_command("unmute", "auld unmute ana@example.com")
def unmute(who: Who) -> None:
    """Take back mute and snooze."""
    from daemon.cli import choices  # noqa: PLC0415

    _end(choices.unmute(_session(), who))


@_command("pause", 'auld pause "3 weeks"\nauld pause 2027-01-15')
def pause(until: Annotated[str, typer.Argument(metavar="UNTIL", help=_AHEAD)]) -> None:
    """No drafts for anyone till then; reading goes on."""
    from daemon.cli import choices  # noqa: PLC0415

    _end(choices.pause(_session(), until))


@_command("resume", "auld resume")
def resume() -> None:
    """Drafts again, after a pause."""
    from daemon.cli import choices  # noqa: PLC0415

    _end(choices.resume(_session()))


@_command(
    "met",
    'auld met "Ana Lima"\nauld met ana@example.com yesterday "coffee"\nauld met "Ana Lima" "12 Oct" "a call"\n'
    "auld met --undo\nauld met --list\nauld met --remove 3",
)
def met(
    who: Annotated[str | None, typer.Argument(metavar="PERSON", help="An address, or part of a name.")] = None,
    when: Annotated[str | None, typer.Argument(metavar="WHEN", help=_AGO)] = None,
    how: Annotated[str, typer.Argument(metavar="HOW", help='In your words: "coffee", "a call".')] = "",
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the one back that was told last, of PERSON or at all.")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="Show what was told, of PERSON or of all.")] = False,
    remove: _Number = None,
    as_json: Json = False,
) -> None:
    """Tell a contact that no mail or calendar knows of."""
    from daemon.cli import mets  # noqa: PLC0415

    if undo + listing + (remove is not None) > 1:
        raise UsageError("--undo, --list and --remove do not go together")
    if (undo or listing or remove is not None) and when is not None:
        raise UsageError("say it without a time: auld met PERSON --undo, auld met PERSON --list, auld met --remove 3")
    session = _session()
    if listing:
        _end(mets.list_mets(session, who, as_json=as_json))
    if remove is not None:
        code = mets.remove(session, remove)
    elif undo:
        code = mets.undo(session, who)
    elif who is None:
        raise UsageError('say who: auld met "Ana Lima" yesterday "coffee"; auld met --list shows what was told')
    else:
        code = mets.met(session, who, when, how)
    if as_json:
        mets.list_mets(session, who, as_json=True)
    _end(code)


@_command(
    "note",
    'auld note "Ana Lima" "Congratulations on your book!"\nauld note ana@example.com --promoted "Head of Design"\n'
    "auld note --list\nauld note --remove 3",
)
def note(
    who: Annotated[str | None, typer.Argument(metavar="PERSON", help="An address, or part of a name.")] = None,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="It goes into the mail as you write it.")] = "",
    promoted: Annotated[str | None, typer.Option(metavar="TITLE", help="They were promoted to TITLE.")] = None,
    news: Annotated[bool, typer.Option("--news", help="TEXT is news of yours for this person.")] = False,
    reference: Annotated[str | None, typer.Option(metavar="COMPANY", help="You need a reference for COMPANY.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="Show all notes.")] = False,
    remove: _Number = None,
    as_json: Json = False,
) -> None:
    """Keep a sentence for the next draft to a person; it goes into the mail as you write it, so write it to them."""
    from daemon.cli import choices  # noqa: PLC0415
    from daemon.model import Wish  # noqa: PLC0415

    if listing or (who is None and remove is None):
        _end(choices.list_notes(_session(), as_json=as_json))
    if remove is not None:
        _end(choices.remove_note(_session(), remove))
    if sum((promoted is not None, news, reference is not None)) > 1:
        raise UsageError("--promoted, --news and --reference do not go together")
    assert who is not None
    wish = Wish.PROMOTED if promoted else Wish.REFERENCE if reference else Wish.NEWS if news else Wish.NOTE
    session = _session()
    if text and (promoted or reference):
        choices.note(session, who, text, Wish.NOTE)
    _end(choices.note(session, who, promoted or reference or text, wish))


@_command("forget", "auld forget ana@example.com")
def forget(
    who: Who, yes: Annotated[bool, typer.Option("--yes", help="Do not ask (only asked on a terminal).")] = False
) -> None:
    """Delete all that is kept about a person and never learn them again. Cannot be undone."""
    from daemon.cli import choices  # noqa: PLC0415

    _end(choices.forget(_session(), who, sure=yes))


@_command("export", "auld export > people.csv\nauld export --format json")
def export(
    form: Annotated[str, typer.Option("--format", metavar="csv|json", help="csv or json.")] = "csv",
) -> None:
    """Print people and last contacts."""
    from daemon.cli.people import export as run  # noqa: PLC0415

    _end(run(_session(), form))


@_command("config", "auld config show\nauld config schema > auld.schema.json")
def config(
    what: Annotated[str, typer.Argument(metavar="schema|show", help="The JSON Schema, or the config as understood.")],
) -> None:
    """Print the config as understood, or its JSON Schema. Secrets are left out."""
    from daemon.cli.setup import config as run  # noqa: PLC0415

    _end(run(_session(), what))


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; ends the process with a code of interface meaning, never with a traceback."""
    steady()
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
        if code == INTERRUPTED:
            _tell(f"stopped. {KEPT}", code)
    except KeyboardInterrupt:
        code = _tell(f"stopped. {KEPT}", INTERRUPTED)
    except UsageError as err:
        code = _tell(str(err), err.exit_code)
    except Exception as err:  # noqa: BLE001 -- the last line of defence: no user meets a traceback
        code = _tell(*_explain(err))
    failure = finish()
    sys.exit(code or failure)


def _run(arguments: list[str]) -> int:
    """Run a command; return its code."""
    global _options
    _options, rest = hoist(arguments)
    if _options.version:
        from importlib.metadata import version  # noqa: PLC0415

        print(f"auld {version('auld')}")
        if _options.verbose:
            import platform  # noqa: PLC0415

            from daemon.store.schema import SCHEMA  # noqa: PLC0415

            print(f"state of version {SCHEMA}, Python {platform.python_version()}, {platform.platform()}")
        return DONE
    if rest == ["run"]:
        return _serve()  # typer, when it parses, loads pydantic: 13 MB that would stay for weeks
    try:
        app(args=rest, prog_name="auld")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    return DONE


def _explain(err: Exception) -> tuple[str, int]:
    """Return what went wrong as a sentence, and the code."""
    code = getattr(err, "exit_code", None)
    if isinstance(code, int):
        return str(err), code
    from connectors.errors import ConnectorError, LoginNeeded, Refused, SettingsError  # noqa: PLC0415

    if isinstance(err, ConnectorError):
        codes = {SettingsError: CONFIG, LoginNeeded: NEEDS_LOGIN, Refused: NEEDS_USER}
        return str(err), next((code for kind, code in codes.items() if isinstance(err, kind)), UNAVAILABLE)
    if isinstance(err, OSError):
        place = f" ({err.filename})" if err.filename else ""
        return f"{err.strerror or err}{place}", STATE if err.errno in _DISK else NEEDS_USER
    if _options.verbose:
        raise err
    return (
        f"something went wrong that should not have: {type(err).__name__}. Nothing was lost. Run it again with -v "
        "and report what it prints."
    ), NEEDS_USER


_DISK: Final = {28, 30, 122}  # ENOSPC, EROFS, EDQUOT


def _tell(message: str, code: int) -> int:
    say(f"auld: {message}")
    return code
