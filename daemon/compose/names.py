"""The first name to greet somebody with, from a display name and an address.

Unsure means no name: a greeting without a name is polite, one with a wrong name is not. Decides nothing about who is
a person; a name that a robot, a list or a company writes under simply yields no first name.
"""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

from nameparser import HumanName

from daemon.compose.lists import contains, entries
from daemon.compose.plain import clean, fold

LONGEST: Final = 24
"""A first name longer than this is none."""

_READ: Final = 160  # of a display name; what is longer is no name
_AUTOMATIC: Final = re.compile(
    r"(?:^|[._=-])(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|notifications?|invitations?)(?:$|[._=+-])"
)
_VIA: Final = re.compile(r"(?P<who>.+?)\s+\(?via\s+(?P<list>.+?)\)?", re.IGNORECASE)
_BESIDE: Final = re.compile(r"\s+(?:[|/·•\u2013\u2014-]|from|at|bei|chez)\s.*", re.IGNORECASE)
_NICKNAME: Final = re.compile(r"""(?<=\w)[.,]?\s+["“”(']\s*(?P<nick>[^\W\d_]{2,15})\s*["”“)']\s+(?=\w)""")
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]*\"|“[^”]*”")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.){2,3}")
_PATRONYMIC: Final = re.compile(r"\w{2,}(?:ович|евич|ич|овна|евна|ична|инична|ovich|evich|ovna|evna)")
_SLAVIC_SURNAME: Final = re.compile(r"\w{2,}(?:ов|ев|ова|ева|ский|ская|цкий|цкая|енко|ov|ev|ova|eva|sky|skaya|enko)")
_WHOLE_NAME: Final = 6  # characters of a Chinese, Japanese or Korean name written as one word
_LAST_NAME: Final = 2  # letters that a last name in an address has at least
_TWO: Final = 2
_THREE: Final = 3


def first_name(display_name: str, email: str) -> str:
    """Return the name to greet with, as one would write it; "" if there is none or any doubt.

    `display_name` may be encoded (RFC 2047), an address, "Last, First", in capitals, with titles, nickname or company.
    Both arguments are hostile text; the result holds letters, spaces, apostrophes, hyphens and full stops only, at
    most `LONGEST` characters.
    """
    local, _, domain = clean(email, _READ).casefold().rpartition("@")
    if _AUTOMATIC.search(local):
        return ""
    shown = _readable(display_name)
    relayed = _VIA.fullmatch(shown)
    if relayed:
        who = relayed["who"]
        # A mailing list writes as 'Author' via List, or under its own address; anything else is a service.
        if not (who[0] == who[-1] == "'" or fold(relayed["list"]) == fold(local)):
            return ""
        shown, local = who, ""
    given = "" if "@" in shown or fold(shown) in domain.split(".") else _from_name(shown, local)
    return given or _from_address(local, shown)


def last_name(display_name: str) -> str:
    """Return the last name of a display name, with its particles ("van den Berg"); "" if there is none or any doubt.

    `display_name` is hostile text; the result holds what `first_name`'s does.
    """
    name = _apart(" ".join(_ASIDE.sub(" ", _readable(display_name)).split()).strip("'\" ,;"))
    if (
        "@" in name
        or "." in name.removeprefix("Dr.").removeprefix("Prof.").replace(" Dr.", "")
        or not all(map(_belongs_in_a_name, name))
        or contains("organisations", name)
    ):
        return ""
    parsed = _parsed(name)
    # Of several given names, or two last ones, nobody can tell which belongs to which.
    sure = (
        parsed is not None
        and _script(name) == "LATIN"
        and len(parsed[0]) == 1
        and sum(fold(word) not in entries("particles") for word in parsed[1].split()) == 1
    )
    last = _cased(parsed[1], name) if sure and parsed is not None else ""
    fits = sum(map(str.isalpha, last)) >= _LAST_NAME and len(last) <= LONGEST and last[-1].isalpha()
    return last if fits else ""


def _readable(display_name: str) -> str:
    text = display_name[: 4 * _READ]
    if "=?" in text:
        try:
            pieces = decode_header(text)
            text = str(make_header(pieces)) if all(piece for piece, charset in pieces if charset) else ""
        except (HeaderParseError, LookupError, UnicodeError, ValueError):
            return ""
    line = clean(text, _READ + 1)
    if len(line) > _READ:
        return ""
    pictures = "".join(char for char in line if unicodedata.category(char) not in {"So", "Sk"} and char != "\ufe0f")
    return " ".join(pictures.split())


def _from_name(shown: str, local: str) -> str:
    name = shown.strip("'\" ") if shown[:1] == shown[-1:] else shown
    nick = _NICKNAME.search(name)
    if nick and not (nick["nick"].isupper() or nick["nick"].islower()):
        return _fit(nick["nick"])
    name = _BESIDE.sub("", _ASIDE.sub(" ", name))
    name = " ".join(name.split()).strip("'\" ,;")
    name = _apart(name)
    if not all(_belongs_in_a_name(char) for char in name) or contains("organisations", name):
        return ""
    if _script(name) == "HANGUL":
        return name if len(name) <= _WHOLE_NAME else ""
    if _script(name) in {"CJK", "HIRAGANA", "KATAKANA"}:
        return name.split()[0] if len(name) <= _WHOLE_NAME + 1 else ""
    parsed = _parsed(name)
    if parsed is None:
        return ""
    given, last = parsed
    return _fit(_cased(_told_apart(given, last, local, inverted="," in name), name))


def _apart(name: str) -> str:
    """Return an account's name as words: "Amanda.Dahlwood" and "BrunoNordbach" are two, McDonald and LaToya one."""
    if " " in name:
        return name
    parts = name.split(".")
    if len(parts) > 1 and all(len(part) >= _TWO for part in parts):
        return " ".join(parts)
    humps = [at for at in range(_THREE, len(name) - _TWO) if name[at].isupper() and name[at - 1].islower()]
    if len(humps) == 1 and not name.startswith("Mac"):
        return f"{name[: humps[0]]} {name[humps[0] :]}"
    return name


def _parsed(name: str) -> tuple[list[str], str] | None:
    """Return the given names and the last name, or None if they cannot be told apart."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    while len(parts) > 1 and _is_suffix(parts[-1]):
        parts.pop()
    if not parts or len(parts) > _TWO:
        return None
    if (
        len(parts) == _TWO
        and parts[0].count(" ")
        and not (parts[0].isupper() or fold(parts[0].split()[0]) in entries("particles"))
    ):
        return None  # "Jane Doe, Berlin" reads like "García Márquez, Gabriel"
    parsed = HumanName(", ".join(parts))
    given = [*parsed.first.split(), *parsed.middle.split()]
    return (given, parsed.last) if given and (parsed.last or not parsed.title) else None


def _is_suffix(part: str) -> bool:
    letters = part.replace(".", "")
    return fold(letters) in entries("suffixes") or (
        letters.isupper() and len(letters) <= _WHOLE_NAME and " " not in part
    )


def _told_apart(given: list[str], last: str, local: str, *, inverted: bool) -> str:
    """Return which of the names is the first: the address tells, else the way of writing, else the language."""
    words = [*given, *last.split()]
    if inverted:
        return _leading(given)
    address = [re.sub(r"\d+$", "", part) for part in local.partition("+")[0].split(".")]
    if len(words) == len(address) == _TWO and sorted(map(fold, words)) == sorted(address):
        return _in_order(words, address)
    if len(words) == _TWO and _shouted(words[0]) and not _shouted(words[1]):
        return words[1]  # the custom of writing the last name in capitals
    if len(words) > 1 and fold(words[0]).replace("đ", "d") in entries("surnames-first"):
        vietnamese = not all(word.isascii() for word in words) and len(words) > _TWO
        return words[-1] if vietnamese else ""
    return _slavic(words) or _leading(given)


def _in_order(words: list[str], address: list[str]) -> str:
    """Return the first name of a name of two words that the address has too, "" where the two orders do not agree.

    "Smith Bob" at bob.smith and "Bob Smith" at smith.bob look alike; only a name that is known as a first name tells.
    """
    if fold(words[0]) == address[0]:
        return words[0]
    if fold(words[0]) in entries("surnames-first"):
        return words[1]
    known = [word for word in words if fold(word) in entries("first-names")]
    return known[0] if len(known) == 1 else ""


def _slavic(words: list[str]) -> str:
    """Return the first name of a Russian or Ukrainian name, told by its patronymic or surname; "" if it is neither."""
    ends = [bool(_SLAVIC_SURNAME.fullmatch(word.casefold())) for word in words]
    cyrillic = _script(words[0]) == "CYRILLIC"
    if len(words) == _THREE and _PATRONYMIC.fullmatch(words[2].casefold()) and (cyrillic or ends[0]):
        return words[1]
    return words[1] if len(words) == _TWO and cyrillic and ends[0] and not ends[1] else ""


def _shouted(word: str) -> bool:
    return word.isupper() and len(word) > _TWO and all(char.isalpha() or char in "-'\u2019" for char in word)


def _leading(given: list[str]) -> str:
    """Return the first of the given names that is no initial, with the second where both make one name."""
    full = [word for word in given if len(word.strip(".")) > 1 or not word.isascii()]
    if not full:
        return ""
    pair = " ".join(full[:_TWO])
    return pair if fold(pair.replace("-", " ")) in entries("double-names") else full[0]


def _from_address(local: str, shown: str) -> str:
    """Return the first name of a ``first.last`` address; a last name of one letter, or a third word, proves nothing.

    Neither does an address that begins with what `shown` ends with: "K. Lindgren" at lindgren.karla.
    """
    parts = re.sub(r"\d+$", "", local.partition("+")[0]).split(".")
    if len(parts) == _THREE and len(parts[1]) == 1:
        del parts[1]
    if len(parts) != _TWO or not all(part.replace("-", "").isalpha() for part in parts):
        return ""
    words = re.sub(r"['\u2019]", "", fold(shown)).replace(",", " ").split()
    if parts[0] in {*words[:1], *words[-1:]}:
        return ""  # what stands there was no first name, or it would have been taken
    if len(parts[0]) < _TWO or len(parts[1]) < _LAST_NAME or contains("organisations", " ".join(parts)):
        return ""
    return _fit(_cased(parts[0], local))


def _cased(given: str, whole: str) -> str:
    if (whole.isupper() or whole.islower() or given.islower() or (given.isupper() and len(given) > _TWO)) and (
        not _INITIALS.fullmatch(given)
    ):
        return re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + word[0][1:].lower(), given)
    return given


def _fit(given: str) -> str:
    """Return `given` if it can stand in a greeting, else ""."""
    letters = sum(char.isalpha() for char in given)
    fits = (
        letters >= _TWO and len(given) <= LONGEST and (given[-1].isalpha() or given[-1] == "." or _is_mark(given[-1]))
    )
    if not fits or not given[0].isalpha() or (given[-1] == "." and not _INITIALS.fullmatch(given)):
        return ""
    if contains("organisations", given) or HumanName(given).title or not all(map(_belongs_in_a_name, given)):
        return ""
    return given


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _belongs_in_a_name(char: str) -> bool:
    return char.isalpha() or _is_mark(char) or char in " .,'\u2019-"


def _script(text: str) -> str:
    letters = [char for char in text if char.isalpha()]
    return unicodedata.name(letters[0], "").partition(" ")[0] if letters else ""
