"""What this machine already tells of the user: git's name and address, mail folders, the time zone.

Only looks at names and the first bytes of files; opens no mail. Every guess is shown to the user before it counts.
"""

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from daemon.config.answers import Answers
from daemon.settings import system_zone

_ROOTS: Final = ("Mail", "mail", "Maildir", ".mail", ".maildir", ".local/share/mail")
_THUNDERBIRD: Final = (
    ".thunderbird",
    "snap/thunderbird/common/.thunderbird",
    ".var/app/org.mozilla.Thunderbird/.thunderbird",
)
_SENT: Final = {"sent", "sent mail", "sent items", "sent messages", "sent-1", "gesendet", "envoyés", "enviados"}
_INBOX: Final = {"inbox", "archive", "archives", "all mail"}
_DRAFTS: Final = {"drafts", "draft", "entwürfe"}
_DEPTH: Final = 5
_LOOKED_AT: Final = 2000  # folders, at most: a home of millions of files must not make `auld init` slow


def guess_answers(environ: Mapping[str, str], home: Path) -> Answers:
    """Return what can be guessed for a new config; what cannot is left empty. Never raises for what it finds."""
    name, email = _git_user(environ, home)
    places = list(islice(_mailboxes(home), 200))
    sent = [path for word, path in places if word in _SENT]
    received = [path for word, path in places if word in _INBOX]
    drafts = [path for word, path in places if word in _DRAFTS and _is_maildir(path)]
    return Answers(
        name=name,
        emails=(email,) if email else (),
        timezone=system_zone(environ).key,
        sent=_written(sent, home),
        received=_written(received, home),
        drafts=next(iter(_written(drafts, home)), ""),
    )


def _git_user(environ: Mapping[str, str], home: Path) -> tuple[str, str]:
    """Return name and address as git knows them; the later file wins, as in git."""
    base = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    found: dict[str, str] = {}
    for path in (base / "git" / "config", home / ".gitconfig"):
        try:
            found |= _git_section(path.read_text("utf-8", errors="replace"))
        except (OSError, ValueError):
            continue
    email = found.get("email", "").strip().lower()
    local, at, domain = email.partition("@")
    # Forges lend addresses that receive nothing.
    usable = local and at and "." in domain and not any(char.isspace() for char in email) and "noreply" not in email
    return found.get("name", ""), email if usable else ""


def _git_section(text: str) -> dict[str, str]:
    """Return the keys of ``[user]`` in a git config (git-config(1), "Syntax"); includes are not followed."""
    section, found = "", {}
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped[1:].partition("]")[0].strip().lower()
        elif section == "user" and "=" in stripped and stripped[0] not in "#;":
            key, _, value = stripped.partition("=")
            found[key.strip().lower()] = _git_value(value.strip())
    return found


def _git_value(written: str) -> str:
    value, inside = "", False
    signs = iter(written)
    for char in signs:
        if char == "\\":
            value += next(signs, "")
        elif char == '"':
            inside = not inside
        elif char in "#;" and not inside:
            break
        else:
            value += char
    return value.strip()


def _mailboxes(home: Path) -> Iterator[tuple[str, Path]]:
    """Yield Maildirs and mboxes in the usual places, each with the word that says what it is for."""
    for root in (*_ROOTS, *_THUNDERBIRD):
        folder = home / root
        if _is_maildir(folder):
            yield "inbox", folder
        for path in sorted(islice(_below(folder, _DEPTH), _LOOKED_AT)):
            word = path.name.lstrip(".").rpartition(".")[2] if path.name.startswith(".") else path.name
            word = word.lower().replace("_", " ")
            if word in _SENT | _INBOX | _DRAFTS and (_is_maildir(path) or _is_mbox(path)):
                yield word, path


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """Yield what lies below `folder`, without going into Maildirs or following links."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (OSError, ValueError):
        return
    for entry in entries:
        if entry.name in {"cur", "new", "tmp"} or entry.is_symlink():
            continue
        yield Path(entry.path)
        if depth > 1 and entry.is_dir():
            yield from _below(Path(entry.path), depth - 1)


def _is_maildir(path: Path) -> bool:
    try:
        return (path / "cur").is_dir() and (path / "new").is_dir()
    except OSError:
        return False


def _is_mbox(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError:
        return False


def _written(paths: list[Path], home: Path) -> tuple[str, ...]:
    """Return paths as one writes them, ``~`` for the home; those that are no UTF-8 cannot be written."""
    found = [f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path) for path in paths]
    return tuple(dict.fromkeys(one for one in found if one.isprintable()))
