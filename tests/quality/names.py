"""Names of invented people, and how mail programs spell them.

No two people of a world get names or addresses that could be taken for one another's, unless a mess is about just that.
"""

import random
import unicodedata
from dataclasses import dataclass
from typing import Final

_FIRST_NAMES: Final = (
    "Anna Bruno Clara Dmitri Emma Farid Greta Hugo Ines Jonas Karla Laura Marco Nadia Oscar Paula Quentin Rosa Simon "
    "Tessa Ursula Viktor Wanda Xavier Yasmin Zoltan Alice Bernard Carmen Daniel Edith Felix Gloria Henry Irene Julian "
    "Kevin Linda Martin Nora Oliver Petra Robert Sandra Thomas Vera Walter Amanda Brian Cecilia David Elena Frank "
    "Gabriel Helen José Zoë André Inés Tomáš Núria Łukasz Søren Chloé Renée Hélène Mónica Raúl Íñigo Jean-Pierre "
    "Anne-Marie"
)
_STEMS_OF_NAMES: Final = (
    "Ader Bern Carl Dahl Eber Falk Grund Holm Iver Jans Kowal Lind Mull Nord Oster Peters Roth Stein Thorn Ulm Vester "
    "Wald Zimmer Cast Brook Gard Hart Larch Marsh Hutch Keller Novar Ferr Tolst Quill Sand Berm Dorn Elm Frost"
)
_ENDS_OF_NAMES: Final = (
    "sen mann feld berg strom wood ero ini ova ham ley stad bach ier inson aud escu wicz ević ström ñez ão lund gren "
    "vik"
)
_FIRST: Final = _FIRST_NAMES.split()
_STEMS: Final = _STEMS_OF_NAMES.split()
_ENDS: Final = _ENDS_OF_NAMES.split()
_LONG_ENOUGH: Final = 8
_MIDDLE: Final = ("Maria", "Alexander", "Sophie", "James")
_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "Ł": "L", "Ø": "O"})


def plain(text: str) -> str:
    """Return `text` without accents."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def letters(text: str) -> str:
    """Return the letters a to z of `text`, as a local part would write them."""
    return "".join(char for char in plain(text).lower() if char.isascii() and char.isalpha())


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name; `particle` stands before the last name ("van der")."""

    first: str
    last: str
    particle: str = ""

    @property
    def family(self) -> str:
        """The last name with its particle."""
        return f"{self.particle} {self.last}".strip()

    @property
    def full(self) -> str:
        """The name as it is usually written."""
        return f"{self.first} {self.family}"

    @property
    def joined(self) -> frozenset[str]:
        """First and last name in one, as local parts write them."""
        first, last = letters(self.first), letters(self.family)
        return frozenset((first + last, last + first, first + letters(self.last), letters(self.last) + first))


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a name, and the first names by which to greet somebody who writes so."""

    text: str
    greets: frozenset[str]


SAME_NAME: Final = (
    "usual", "comma", "capitals", "capital family", "small", "title", "titles", "suffix", "initial", "bare", "external",
    "company", "quoted", "nickname", "spaces", "underscores", "curly", "external first", "mister", "suffix alone",
    "junior", "dots", "physician", "dottoressa",
)  # fmt: skip
"""The spellings that rule B takes for one name."""


def forms(name: Name) -> dict[str, Form]:
    """Return spellings of a name, by what is odd about them."""
    first, family, full = name.first, name.family, name.full
    bare_first, bare_family = plain(first), plain(family)
    initial = "ADKMS"[len(full) % 5]
    written = {
        "usual": (full, {first}),
        "comma": (f"{family}, {first}", {first}),
        "capitals": (full.upper(), {first}),
        "capital family": (f"{first} {family.upper()}", {first}),
        "small": (full.lower(), {first}),
        "title": (f"Dr. {full}", {first}),
        "titles": (f"Prof. Dr. {full}", {first}),
        "suffix": (f"{full}, PhD", {first}),
        "initial": (f"{first} {initial}. {family}", {first}),
        "bare": (f"{bare_first} {bare_family}", {bare_first}),
        "external": (f"{full} [EXT]", {first}),
        "external first": (f"[EXT] {full}", {first}),
        "mister": (f"Mr. {full}", {first}),
        "suffix alone": (f"{full} PhD", {first}),
        "junior": (f"{full}, Jr.", {first}),
        "dots": (f"{first}.{family}".replace(" ", "."), {first, ""}),
        "physician": (f"Dr. med. {full}", {first}),
        "dottoressa": (f"Dott.ssa {full}", {first}),
        "company": (f"{family}, {first} (Northlab)", {first}),
        "quoted": (f"'{full}'", {first}),
        "nickname": (f"{first} ({first[:3]}y) {family}", {first, f"{first[:3]}y"}),
        "curly": (full.replace("'", "\u2019"), {first}),
        "spaces": (f"{first.replace('-', ' ')} {family.replace('-', ' ')}", {first, first.replace("-", " ")}),
        "underscores": (full.replace(" ", "_"), {first, ""}),
        # What follows is no name by rule B; only rule D can tell whose it is.
        "first only": (first, {first}),
        "initial first": (f"{first[0]}. {family}", {first, ""}),
        "middle": (f"{first} {_MIDDLE[len(full) % len(_MIDDLE)]} {family}", {first}),
        "one word": (full.replace(" ", ""), {first, ""}),
    }
    for _, greets in written.values():
        if "" in greets:
            greets |= {
                told for one in greets for told in (plain(one), letters(one).capitalize())
            }  # as an address has it
    return {style: Form(text, frozenset(greets)) for style, (text, greets) in written.items()}


class Names:
    """Gives out names and local parts, no two of which could be taken for one another's."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._joined: set[str] = set()
        self._locals: set[str] = set()
        self._families: set[str] = set()
        self._serial = 0

    def name(self, *, family: str = "", particle: str = "") -> Name:
        """Return a new name; `family` lets it share another's last name."""
        while True:
            chosen = self._dice.choice(_FIRST)
            last = family or self._family()
            name = Name(chosen, last, particle)
            if name.joined.isdisjoint(self._joined) and name.joined.isdisjoint(self._locals):
                break
        self._joined |= name.joined
        return name

    def long(self) -> Name:
        """Return a new name of one word and another, eight letters or more in all: one that rule D can go by."""
        name = self.name()
        while "-" in name.first or "-" in name.last or len(letters(name.first + name.last)) < _LONG_ENOUGH:
            name = self.name()
        return name

    def hold(self, name: Name) -> Name:
        """Take a name that was chosen elsewhere."""
        assert name.joined.isdisjoint(self._joined), name
        self._joined |= name.joined
        return name

    def _family(self) -> str:
        dice = self._dice
        while True:
            family = dice.choice(_STEMS) + dice.choice(_ENDS)
            roll = dice.random()
            if roll < 0.03:
                family = f"O'{family}"
            elif roll < 0.06:
                family = f"{dice.choice(_STEMS)}-{family}"
            parts = {letters(part) for part in (family, *family.split("-"))}
            if parts.isdisjoint(self._families):
                self._families |= parts
                return family

    def local(self, name: Name, style: str) -> str:
        """Return a local part in a style: first.last, lastfirst …, or one that no rule takes for a name: initials."""
        first, family, last = letters(name.first), letters(name.family), letters(name.last)
        self._serial += 1
        text = {
            "first.last": f"{first}.{family}",
            "first_last": f"{first}_{last}",
            "firstlast": first + last,
            "lastfirst": last + first,
            "last.first": f"{last}.{first}",
            "firstlast84": f"{first}{last}{self._dice.randrange(60, 99)}",
            "flast": f"{first[0]}{last}",
            "first": f"{first}{self._serial}",
            "initials": self._initials(first, last),
        }[style]
        joined = letters(text)
        if joined in name.joined or joined not in self._joined:
            self._locals.add(joined)
            return text
        return self._initials(first, last)  # it would read like somebody else's name

    def _initials(self, first: str, last: str) -> str:
        """Return a local part that no rule takes for a name, nor for a role (as "hr7" would be, and "loja461")."""
        return f"{first[0]}{last[0]}{self._serial:03}"
