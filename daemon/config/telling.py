"""From faults in the tree to lines for the user: which line of the file, which section, which key."""

from collections.abc import Iterable, Mapping
from typing import Any

from daemon.config.lines import find_lines, line_of
from daemon.config.problems import Fault, KeyPath, Problem, clean, shown


def told(faults: Iterable[Fault], name: str, text: str, tree: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return the problems of the file `name`, in the order of its lines, each once."""
    lines = find_lines(text, tree)
    found = []
    for fault in faults:
        line = line_of(fault.path, lines)
        label = label_of(fault.path if fault.holder is None else fault.holder, tree)
        message = f"{label}: {fault.message}" if label else fault.message
        found.append((line or 0, Problem(clean(f"{name}:{line}" if line else name), message)))
    return tuple(dict.fromkeys(problem for _, problem in sorted(found, key=lambda one: one[0])))


def label_of(path: KeyPath, tree: Mapping[str, Any]) -> str:
    """Return `path` in the words of the file: ``[[people]] 2 "Lakshmi": emails 1``."""
    head, rest = _section(path, tree)
    words: list[str] = []
    for step in rest:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(clean(str(step), 60))
    return ": ".join([head, *words] if head else words)


def _section(path: KeyPath, tree: Mapping[str, Any]) -> tuple[str, KeyPath]:
    """Return how the section that holds `path` is headed, and what is left of the path."""
    if not path:
        return "", ()
    key = clean(str(path[0]), 60)
    value = tree.get(str(path[0]))
    if isinstance(value, list) and len(path) > 1 and isinstance(path[1], int):
        one = value[path[1]]
        if isinstance(one, dict):
            return f"[[{key}]] {path[1] + 1}{_called(one)}", path[2:]
    if not isinstance(value, dict):
        return "", path
    rest = path[1:]
    while rest and isinstance(rest[0], str) and isinstance(value.get(rest[0]), dict):
        key, value, rest = f"{key}.{clean(rest[0], 60)}", value[rest[0]], rest[1:]
    return f"[{key}]", rest


def _called(table: Mapping[str, Any]) -> str:
    """Return the name by which the user knows an entry, else its first address, quoted."""
    emails = table.get("emails")
    for name in (table.get("name"), *(emails[:1] if isinstance(emails, list) else ())):
        if isinstance(name, str) and name.strip():
            return f" {shown(name.strip())}"
    return ""
