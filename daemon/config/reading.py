"""From the TOML file to settings, or to every problem it has."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from pydantic import TypeAdapter, ValidationError

import connectors
from daemon.config.problems import ConfigError, Fault, KeyPath, Problem, clean, shown
from daemon.settings import Settings

_COMMON: Final = ("name", "kind", "since", "enabled")
_DEEPEST: Final = 32


def load(path: Path) -> Settings:
    """Return the settings of the file `path`; relative paths in it start at its folder.

    Raises:
        ConfigError: it cannot be read, or holds problems: all of them.
    """
    return understand(read(path), path)


def understand(text: str, path: Path) -> Settings:
    """Return the settings that `text` says, taken for the file `path`.

    Raises:
        ConfigError: it holds problems: all of them.
    """
    tree = _parse(text, path)
    settings, faults = _understand(tree, path.absolute().parent)
    if settings is None or faults:
        from daemon.config.telling import told  # noqa: PLC0415 -- only a wrong file needs it

        raise ConfigError(path, told(faults, path.name, text, tree))
    return settings


def read(path: Path) -> str:
    """Return the text of the file `path`.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        _refuse(path, "there is no such file; `auld init` writes one, --config names another")
    except IsADirectoryError:
        _refuse(path, "is a folder; name the file in it, like config.toml")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it has no possible name"
        _refuse(path, f"cannot be read: {reason.lower()}")
    if raw.startswith(b"\xef\xbb\xbf"):
        _refuse(path, "begins with a byte order mark (BOM); save it as UTF-8 without one")
    try:
        # Line ends as the TOML parser takes them.
        return raw.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _refuse(path, f"is not UTF-8 (line {line}); save it as UTF-8")


def _parse(text: str, path: Path) -> dict[str, Any]:
    flaw: ValueError | RecursionError
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        flaw = error
    else:
        if not _is_too_deep(tree):
            return tree
        flaw = RecursionError()  # the parser takes dotted names of any length; nobody who follows could
    from daemon.config.syntax import broken  # noqa: PLC0415 -- only a broken file needs it

    raise ConfigError(path, (broken(flaw, path.name, text),))


def _is_too_deep(tree: Mapping[str, Any]) -> bool:
    """Say whether tables and lists lie more than `_DEEPEST` within each other."""
    held: list[object] = [tree]
    for _ in range(_DEEPEST):
        held = [
            inner
            for outer in held
            for inner in (outer.values() if isinstance(outer, Mapping) else outer if isinstance(outer, list) else ())
        ]
    return bool(held)


def _refuse(path: Path, message: str) -> NoReturn:
    raise ConfigError(path, (Problem(clean(str(path)), message),)) from None


def _understand(tree: Mapping[str, Any], folder: Path) -> tuple[Settings | None, list[Fault]]:
    """Return the settings, or None and what is wrong; both, if only the parts do not fit each other."""
    from daemon.config.checks import check  # noqa: PLC0415

    settings, faults = None, []
    try:
        shaped = {key: value for key, value in tree.items() if key != "folder"}
        if isinstance(tree.get("accounts"), list):
            shaped["accounts"] = [_stanza(one) for one in tree["accounts"]]
        settings = TypeAdapter(Settings).validate_python(shaped | {"folder": folder})
    except ValidationError as error:
        faults += _faults(error, tree)
    if "folder" in tree:
        from daemon.config.wording import unknown  # noqa: PLC0415

        faults.append(unknown(("folder",), tree))
    faults += _options(tree)
    faults += check(tree)
    return settings, faults


def _stanza(written: object) -> object:
    """Return an account with the keys of its kind apart."""
    if not isinstance(written, dict):
        return written
    common = {key: value for key, value in written.items() if key in _COMMON}
    return common | {"options": {key: value for key, value in written.items() if key not in _COMMON}}


def _options(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Ask each account's kind for its judgement of the keys that are its own."""
    accounts = tree.get("accounts")
    for number, stanza in enumerate(accounts if isinstance(accounts, list) else ()):
        kind = stanza.get("kind") if isinstance(stanza, dict) else None
        if not isinstance(kind, str):
            continue
        start: KeyPath = ("accounts", number)
        options = {key: value for key, value in stanza.items() if key not in _COMMON}
        if kind.strip() not in connectors.kinds():
            yield from _unknown_kind(kind, start, options, tree)
            continue
        try:
            connectors.load(kind.strip()).settings.model_validate(options)
        except ValidationError as error:
            yield from _faults(error, tree, start)


def _unknown_kind(kind: str, start: KeyPath, options: Mapping[str, Any], tree: Mapping[str, Any]) -> Iterator[Fault]:
    from daemon.config.secrecy import is_secret  # noqa: PLC0415
    from daemon.config.wording import nearest, unknown  # noqa: PLC0415

    known = connectors.kinds()
    near = nearest(kind, known)
    hint = f'; did you mean "{near}"?' if near else ""
    yield Fault((*start, "kind"), f"there is no kind of account {shown(kind)}, but {', '.join(known) or 'none'}{hint}")
    yield from (unknown((*start, key), tree) for key in options if is_secret(key))


def _faults(error: ValidationError, tree: Mapping[str, Any], start: KeyPath = ()) -> list[Fault]:
    from daemon.config.wording import faults_of  # noqa: PLC0415

    return list(faults_of(error.errors(include_url=False), tree, start))
