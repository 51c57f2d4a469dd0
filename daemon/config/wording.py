"""What the validator finds, in plain words: what is wrong with which key, and how it should be written.

Decides words only. A secret that is refused is not repeated.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic_core import ErrorDetails

from daemon.config.problems import Fault, KeyPath, clean, shown
from daemon.config.schema import known_keys, sections
from daemon.config.secrecy import is_secret

_UNKNOWN: Final = {"unexpected_keyword_argument", "extra_forbidden"}
_SHOULD: Final = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "list_type": 'a list, like ["…"]',
    "tuple_type": 'a list, like ["…"]',
}
_TABLES: Final = {"dataclass_type", "dataclass_exact_type", "model_type", "model_attributes_type", "dict_type"}


def faults_of(errors: Sequence[ErrorDetails], tree: Mapping[str, Any], start: KeyPath = ()) -> Iterator[Fault]:
    """Yield a fault for each place that the validator's `errors` speak of.

    `tree` is the file, `start` where the validated part of it begins. Where a value may be one of several shapes, the
    validator tells an error for each and names the shape in the path, which is no key of the file: they become one.
    """
    places: dict[KeyPath, list[ErrorDetails]] = {}
    for error in errors:
        path = _true_path((*start, *error["loc"]), tree, missing=error["type"] == "missing")
        places.setdefault(path, []).append(error)
    holders = {path[:depth] for path in places for depth in range(len(path))}
    for path, several in places.items():
        if path in holders:
            continue  # the other shape came further
        if several[0]["type"] in _UNKNOWN:
            yield unknown(path, tree)
        else:
            yield Fault(path, _joined([_worded(error, path) for error in several], several[0]["input"]))


def unknown(path: KeyPath, tree: Mapping[str, Any]) -> Fault:
    """Return what is to say of a key that nobody knows: a secret, a mistyped key, or one that belongs elsewhere."""
    *start, last = path
    key, holder = str(last), tuple(start)
    known = known_keys(holder, tree)
    if is_secret(key):
        instead = nearest(key, [one for one in known if one.endswith(("_command", "_file"))], 0)
        advice = f"; write {instead} instead" if instead else "; take it out, and change it if others could read it"
        return Fault(
            path, f"{clean(key)}: no secret may stand in this file, which gets copied and shown{advice}", holder
        )
    near = nearest(key, known)
    homes = [header for header, keys in sections().items() if key in keys]
    if near:
        hint = f'; did you mean "{near}"?'
    elif homes:
        hint = f"; it belongs under {' or '.join(homes)}"
    else:
        hint = f"; the keys here are {', '.join(known)}" if known else ""
    return Fault(path, f"unknown key {shown(key)}{hint}", holder)


def nearest(word: str, words: Sequence[str], cutoff: float = 0.6) -> str:
    """Return the one of `words` that `word` was probably meant to be, ``""`` if none."""
    lower = {one.lower(): one for one in reversed(words)}
    found = get_close_matches(word.lower(), lower, 1, cutoff)
    return lower[found[0]] if found else ""


def suggestion(word: str, words: Sequence[str], none: str) -> str:
    """Return the second half of "there is no …": the nearest of `words`, else all, else `none`."""
    if near := nearest(word, words):
        return f"did you mean {shown(near)}?"
    return f"there {'are' if len(words) > 1 else 'is'} {', '.join(map(shown, words))}" if words else none


def _true_path(loc: KeyPath, tree: Mapping[str, Any], *, missing: bool) -> KeyPath:
    """Return `loc` less the steps that are no part of the file."""
    path: list[str | int] = []
    place: Any = tree
    for number, step in enumerate(loc):
        held = isinstance(place, dict) and step in place
        held = held or (isinstance(place, list) and isinstance(step, int) and step < len(place))
        if held:
            path.append(step)
            place = place[step]
        elif missing and number == len(loc) - 1:
            path.append(step)
    return tuple(path)


def _worded(error: ErrorDetails, path: KeyPath) -> str:  # noqa: PLR0911 -- one return a kind of error
    flaw, value, context = error["type"], error["input"], error.get("ctx", {})
    if flaw == "missing":
        return "is missing"
    if flaw == "value_error":
        said, written = str(context["error"]), str(value)
        return clean(said.replace(written, clean(written, 60)) if len(written) > 60 else said)  # noqa: PLR2004
    if flaw in _TABLES:
        header = f"[[{_dotted(path)}]]" if isinstance(path[-1], int) else f"[{_dotted(path)}]"
        return f"should be a section of its own, {header}"
    if flaw == "tuple_type" and len(path) == 1:
        return f"should be sections of their own, each headed [[{path[0]}]], with two brackets on each side"
    if flaw in _SHOULD:
        return f"should be {_SHOULD[flaw]}"
    if flaw == "literal_error":
        words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        near = nearest(str(value), words)
        hint = f'; did you mean "{near}"?' if near else ""
        return f"should be one of {', '.join(words)}, not {shown(value)}{hint}"
    if flaw in {"greater_than_equal", "less_than_equal"}:
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"should be {bound}, not {shown(value)}"
    if flaw in {"string_too_short", "too_short"}:
        return "must not be empty"
    if flaw == "string_too_long":
        return f"should be at most {context['max_length']} characters long"
    return clean(error["msg"]).replace("Input should", "should")


def _joined(messages: Sequence[str], value: object) -> str:
    """Join what is said of one value for each shape it may have."""
    several = list(dict.fromkeys(messages))
    plain = [one.removeprefix("should be ") for one in several]
    if all(one.removeprefix("should be ") in _SHOULD.values() for one in several):
        return f"should be {' or '.join(plain)}, not {shown(value)}"
    return several[-1]


def _dotted(path: KeyPath) -> str:
    return ".".join(step for step in path if isinstance(step, str))
