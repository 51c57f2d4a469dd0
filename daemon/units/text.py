"""What the files say: the units as they are shipped, and a drop-in with what is particular to this installation.

Each file that is written begins with a mark of the rest, by which an edit by hand is known.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from connectors.pages import page
from daemon.units.places import Form, Place

_MARK: Final = (
    "# Written by `auld service install`; put changes of your own into another drop-in (systemctl edit). Mark: "
)
_TEMPORARY: Final = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 -- what PrivateTmp=yes hides
_HOMES: Final = (Path("/home"), Path("/root"), Path("/run/user"))  # what ProtectHome=tmpfs hides


@dataclass(frozen=True, slots=True)
class Paths:
    """What a service works with, all absolute: `writes` are folders beside `state` that it writes to."""

    program: Path
    config: Path
    state: Path
    writes: Sequence[Path]
    home: Path


class UnfitPathError(Exception):
    """A path that no unit can name; the message says which and what to do."""

    exit_code = 2


def files(place: Place, paths: Paths) -> dict[Path, str]:
    """Return what each file says.

    Raises:
        UnfitPathError: a path cannot stand in a unit.
    """
    told = {place.folder / name: Path(page(f"systemd/{name}")).read_text("utf-8") for name in place.shipped}
    told[place.dropin] = _dropin(place, paths)
    return {path: marked(text) for path, text in told.items()}


def marked(text: str) -> str:
    """Return `text` below a line by which it is known again."""
    return f"{_MARK}{_digest(text)}\n{text}"


def is_unedited(text: str) -> bool:
    """Tell whether `text` is as auld wrote it, this version or an earlier one."""
    line, _, rest = text.partition("\n")
    return line.startswith(_MARK) and line.removeprefix(_MARK) == _digest(rest)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _dropin(place: Place, paths: Paths) -> str:
    if any(char in str(paths.program) for char in "\\\"'*?["):  # systemd has "special characters"
        raise UnfitPathError(f"{paths.program} has a name that systemd starts no program by: install auld elsewhere")
    command = "once" if place.form is Form.TIMER else "run"
    words = [paths.program, "--config", paths.config, "--state", paths.state, command]
    # ":" leaves dollars alone, "-" lets a folder be missing: without it, nothing at all would start.
    lines = ["[Service]", "ExecStart=", f"ExecStart=:{' '.join(quoted(str(word)) for word in words)}"]
    lines += ["ReadWritePaths="]
    lines += [f"ReadWritePaths={quoted(f'-{path}')}" for path in (paths.state, *paths.writes)]
    used = [*_program_folders(paths.program), paths.config.parent, paths.state, *paths.writes]
    if place.system:
        lines.append("BindReadOnlyPaths=")
        lines += [f"BindReadOnlyPaths={quoted(f'-{path}', ':')}" for path in _hidden([paths.home, *used])]
    if any(_lies_in(path, _TEMPORARY) for path in used):
        lines += ["# Something of this installation lies in a temporary folder, which would be another one:"]
        lines += ["PrivateTmp=no"]
    return "\n".join(lines) + "\n"


def _program_folders(program: Path) -> list[Path]:
    """Return the folders that Python needs to run auld, with those that links in them lead to."""
    interpreter = Path(sys.executable).resolve()
    return [program.parent, program.resolve().parent, Path(sys.prefix), Path(sys.base_prefix), interpreter.parent]


def _hidden(wanted: Iterable[Path]) -> list[Path]:
    """Return those of `wanted` that must be shown, each once, none within another."""
    shown: list[Path] = []
    for path in sorted(wanted, key=lambda one: len(one.parts)):
        if _lies_in(path, _HOMES) and not _lies_in(path, shown):
            shown.append(path)
    return shown


def _lies_in(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def quoted(word: str, special: str = "") -> str:
    """Return `word` as one word of a unit file, whatever is in it; `special` are characters to be escaped too.

    Raises:
        UnfitPathError: it holds a control character.
    """
    if any(ord(char) < 32 or ord(char) == 127 for char in word):  # noqa: PLR2004 -- ASCII's
        raise UnfitPathError(f"{word!r} holds a control character, which no unit can name: rename it")
    for char in ("\\", '"', *special):
        word = word.replace(char, f"\\{char}")
    word = word.replace("%", "%%")
    return f'"{word}"' if any(char in word for char in " \t'\"\\;#") else word
