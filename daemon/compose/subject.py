"""What a subject line or a meeting title is good for: a topic to mention, a thread to answer, or neither.

Decides by kept lists and by shape only. Every title is hostile text; a doubtful one is no topic.
"""

import re
from collections.abc import Mapping
from typing import Final

from daemon.compose.lists import contains, entries, equals
from daemon.compose.plain import clean, fold
from daemon.settings import Language

LONGEST_TOPIC: Final = 60
"""Characters of a topic that can be mentioned."""

_READ: Final = 300
_REPLY: Final = r"re|aw|antw|sv|vs|r|res|resp|rif|odp|ynt|atb|回复|答复|返信"
_FORWARD: Final = r"fwd?|wg|tr|rv|enc|i|doorst|vb|pd|vl|ilt|转发"
_COUNT: Final = r"(?:\s*[\[(]\d{1,3}[\])]|\^\d{1,3})?"
_ANSWERED: Final = re.compile(rf"\s*(?:{_REPLY}){_COUNT}\s*[:\uff1a]", re.IGNORECASE)
_PREFIX: Final = re.compile(
    rf"\s*(?:(?:{_REPLY}|{_FORWARD}){_COUNT}\s*[:\uff1a]|\[[^\[\]]{{0,40}}\]"
    r"|\*+\s*[\w ]{1,12}\s*\*+|(?:ext|extern|external)\s*:)",
    re.IGNORECASE,
)
_FORWARDED_BEHIND: Final = re.compile(r"\s*[(\[](?:fwd?|was:.*|ext(?:ern(?:al)?)?)[)\]]\s*$", re.IGNORECASE)
_NUMBERED: Final = re.compile(
    r"#\s?\d|\b[A-Z][A-Z0-9]{1,9}-\d+\b|\b(?:ticket|case|inc|req|ref|nr|no)\W{0,3}\d{2,}|\d{5,}", re.IGNORECASE
)
_ADDRESS: Final = re.compile(
    r"@|://|\bwww\.|\b[\w-]+\.(?:com|org|net|edu|gov|io|info|example|[a-z]{2}/)", re.IGNORECASE
)
_FILE: Final = re.compile(
    r"\.(?:xlsx?|docx?|pptx?|pdf|zip|jpe?g|png|gif|heic|csv|txt|rtf|od[tsp]|key|pages|numbers|md|html?|eml|ics|mp[34])\b",
    re.IGNORECASE,
)
_BETWEEN_NAMES: Final = re.compile(r"<>|<->|\s[/|x\u00d7]\s|^\w+\s?(?:[/&+]|<)\s?\w+$", re.IGNORECASE)
_LETTERS_AT_LEAST: Final = 4
_DIGITS_AT_MOST: Final = 0.3  # of letters and digits
_QUOTES: Final[Mapping[Language, str]] = {
    "en": '"{}"',
    "de": "„{}“",
    "fr": "« {} »",
    "es": "«{}»",
    "nl": "‘{}’",  # noqa: RUF001 -- as Dutch letters are set
    "pt": "“{}”",
    "it": "«{}»",
}
_SHOUTED: Final = 6  # letters from which capitals are shouting; "Q3 OKR" is none


def topic(title: str) -> str | None:
    """Return what `title` is about, cleaned to be mentioned ("Re: Fwd: [EXT] Q3 budget" -> "Q3 budget"), or None.

    None for what says nothing (greetings, calendar defaults), for tickets and transactions, for what is private or
    embarrassing, and for any shape that would read oddly in a sentence.
    """
    line = clean(title, _READ)
    if contains("calendar", line) or _NUMBERED.search(line):
        return None
    bare = _stripped(line).strip(" .,;:!?-\u2013\u2014_*~'\"\u201c\u201d\u2018\u2019")
    if len(bare) > LONGEST_TOPIC or not _reads_well(bare):
        return None
    if is_transaction(bare) or contains("private", bare) or equals("openers", bare) or _opens_empty(bare):
        return None
    return bare


def mention(named: str, language: Language = "en") -> str:
    """Return a topic as a noun phrase: "the Q3 budget" where the article is sure, else the topic in quotes."""
    if language != "en":
        return _QUOTES[language].format(named)
    words = named.split()
    plain = [fold(word) for word in words]
    if len(words) > 1 and plain[-1] in entries("nouns") and plain[0] not in entries("determiners"):
        if plain[0] in entries("nouns") | entries("modifiers"):
            return f"the {words[0].lower()} {' '.join(words[1:])}" if _quiet(words[1:]) else f'"{named}"'
        if any(char.isdigit() for char in words[0]) or (words[0].isupper() and len(words[0]) > 1):
            return f"the {named}" if _quiet(words[1:]) else f'"{named}"'
    return f'"{named}"'


def is_transaction(subject: str) -> bool:
    """Say whether a mail of this subject is a receipt, invoice, booking, ticket or calendar mail, and so no talk."""
    line = clean(subject, _READ)
    return contains("transactions", line) or contains("calendar", line)


def is_private(subject: str) -> bool:
    """Say whether this subject should not be brought up again by somebody who only says hello."""
    return contains("private", clean(subject, _READ))


def reply_subject(subject: str) -> str:
    """Return the subject of an answer: the thread's own, cleaned, with one "Re: " before it."""
    line = clean(subject, 4 * _READ)
    while match := _ANSWERED.match(line):
        line = line[match.end() :].lstrip()
    return f"Re: {line}".rstrip()


def _stripped(line: str) -> str:
    while match := _PREFIX.match(line):
        line = line[match.end() :]
    return _FORWARDED_BEHIND.sub("", line).strip()


def _reads_well(bare: str) -> bool:
    letters = [char for char in bare if char.isalpha()]
    digits = sum(char.isdigit() for char in bare)
    if len(letters) < _LETTERS_AT_LEAST or digits > _DIGITS_AT_MOST * (len(letters) + digits):
        return False
    if len(letters) >= _SHOUTED and bare.isupper():  # False for scripts without capitals
        return False
    if any(char in '<>{}[]()|\\`$%^~=*_"“”?!:;#/' for char in bare):
        return False
    return not (_ADDRESS.search(bare) or _FILE.search(bare) or _BETWEEN_NAMES.search(bare))


def _opens_empty(bare: str) -> bool:
    """Say whether the first words give it away as a greeting, an appointment or a passing matter."""
    words = fold(bare).split()
    return any(" ".join(words[:count]) in entries("openings") for count in (1, 2, 3))


def _quiet(words: list[str]) -> bool:
    """Say whether all words are lower case, so that the whole is no title of its own."""
    return all(word.islower() for word in words)
