"""`auld demo`: the real main job on a generated sample mailbox, with no special path."""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from shlex import quote

from daemon.cli.options import DONE, Options, UsageError
from daemon.cli.output import plain, say
from daemon.cli.session import Session


def run(options: Options, keep: str | None) -> int:
    """Build the sample, read it, show who is due and why, write the drafts and show them."""
    from daemon.demo import build  # noqa: PLC0415

    folder = Path(keep).expanduser().absolute() if keep else Path(tempfile.mkdtemp(prefix="auld-demo-"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sample = build(folder, Session(options).clock())
    except FileExistsError as err:
        raise UsageError(f"{folder} holds something already ({err.filename or err}); name an empty folder") from None
    try:
        return _show(replace(options, config=str(sample.config), state=str(folder / "state"), now=sample.clock), folder)
    finally:
        if keep is None:
            say(f"\nThe sample lies in {folder} until you delete it; auld demo --keep DIR puts it where you like.")


def _show(options: Options, folder: Path) -> int:
    from daemon.cli.choices import note  # noqa: PLC0415
    from daemon.cli.drafting import draft  # noqa: PLC0415
    from daemon.cli.people import show_due  # noqa: PLC0415
    from daemon.cli.reading import sync  # noqa: PLC0415
    from daemon.model import Wish  # noqa: PLC0415

    session = Session(options)
    say(f"A sample mailbox of Robin Park, as of {session.now.astimezone(session.zone):%A, %d %B %Y, %H:%M}.\n")
    code = sync(session, (), full=False)
    say('\nRobin notes: auld note lakshmi --promoted "Head of Research"')
    code = max(code, note(Session(options), "lakshmi", "Head of Research", Wish.PROMOTED))
    print("\nWho is due, and why\n")
    code = max(code, show_due(Session(options), as_json=False))
    print("\nThe drafts\n")
    code = max(code, draft(Session(options), None, None, dry=False, as_json=False))
    drafts, config = (quote(plain(str(folder / one), 400)) for one in ("Mail/Drafts", "config.toml"))
    say(f"They lie in an ordinary Maildir: mutt -f {drafts}")
    say(f"Look further: {_program()} why lakshmi --config {config} --now {session.now:%Y-%m-%dT%H:%M:%SZ}")
    return code or DONE


def _program() -> str:
    """Return how to call auld here: after `make demo` it is not on the path."""
    return "auld" if shutil.which("auld") else quote(sys.argv[0])
