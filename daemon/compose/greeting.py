"""The line a draft begins with.

Decides among what is known of how to address somebody; the wording of each language stands in its templates.
"""

from collections.abc import Mapping
from typing import Final

from connectors.mime.salutations import forms
from daemon.compose.names import first_name, last_name
from daemon.compose.plain import clean
from daemon.compose.wording import greetings
from daemon.settings import Formality, Language

__all__ = ["first_name", "greeting"]

LONGEST: Final = 30
"""Characters of a greeting that is made here."""

_LISTED: Final = 80  # of a greeting the user wrote: theirs to choose
_WORD: Final = 15  # characters that a last name may add to it
_TONES: Final[Mapping[Formality, str]] = {"informal": "familiar", "formal": "formal"}
_STOPS: Final = ",!.:;"
_PARTS: Final = 4  # words of a whole name


def greeting(
    listed_greeting: str,
    learned_salutation: str,
    display_name: str,
    email: str,
    language: Language,
    formality: Formality = "informal",
) -> str:
    """Return the greeting line, its comma included: "Hi Lakshmi,", or "Hello," when no name is sure.

    `listed_greeting` is the config's and wins as it stands. `learned_salutation` is the word the user last greeted this
    person with, used if it is one of the draft's language. The name is the display name's, else that of a
    ``first.last`` address.
    """
    listed = clean(listed_greeting, _LISTED)
    if any(char.isalnum() for char in listed) and not any(char in "<>{}@" for char in listed):
        return listed if listed[-1] in _STOPS else f"{listed},"
    words = greetings(language, formality)
    name = first_name(display_name, email)
    if learned := _learned(learned_salutation, name, display_name, language, formality):
        return learned
    if not name:
        return words.unnamed
    if "FULL" in words.named:
        full = clean(display_name, _WORD * 3)
        line = words.named.replace("FULL", full)
        return line if _is_whole(full, name) and len(line) <= LONGEST + _WORD else words.unnamed
    return words.named.replace("NAME", name)


def _learned(word: str, name: str, display_name: str, language: Language, formality: Formality) -> str:
    """Return the line that the user would begin with, "" if their word makes none here.

    "Sehr geehrte Frau Lindner" is no beginning of a draft that goes on with first names, nor "Hey" of a formal one.
    """
    form = forms().get(language, {}).get(word)
    if form is None or form.tone not in {"either", _TONES[formality]}:
        return ""
    last = last_name(display_name) if form.takes == "last" else ""
    if not {"first": name, "last": last, "nothing": form.word}[form.takes]:
        return ""
    if language == "nl":
        last = last[:1].upper() + last[1:]  # "mevrouw De Vries"
    line = form.line.replace("NAME", name).replace("LAST", last)
    return line if len(line) <= LONGEST + _WORD else ""


def _is_whole(full: str, first: str) -> bool:
    """Say whether a display name is first and last name as one would write them in a letter, and nothing else."""
    parts = full.split()
    while parts and parts[0].endswith(".") and parts[0] != first:
        del parts[0]  # Dr., Prof.: they stay in the greeting
    return (
        " ".join(parts).startswith(f"{first} ")
        and 1 < len(parts) <= _PARTS
        and all(part.replace("-", "").replace("'", "").replace("\u2019", "").isalpha() for part in parts)
        and not full.isupper()
    )
