"""What is not counted as contact, in a few words: how many of each sort, the most first."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from daemon.cli.output import count
from daemon.contact import Uncounted
from daemon.contact.copies import TRUNCATED_MARK
from daemon.contact.mailrules import mark_rule
from daemon.model import Kind

# Rules that are told of one mail or meeting with its own number of people: one sort, whatever the number.
_CROWD: Final = re.compile(r"[\d,]+ other people were .*; more than \d+ .*")
_TRUNCATED: Final = mark_rule(TRUNCATED_MARK)  # so many recipients that a mail is not told in full
_OTHERS: Final = re.compile(r"\band [\d,]+ others\b")
# What a mail is by its headers: "bulk mail (List-Unsubscribe)", "an automatic reply".
_HEADER: Final = re.compile(r"(?:an? )?(?P<what>[\w -]*(?:mail|failure|report|receipt|reply))(?P<by> \(.*\))?")


@dataclass(frozen=True, slots=True)
class Sort:
    """How many mails or meetings (`what`) a `rule` leaves out; `text` says it: "3 meetings of more than 6 people"."""

    what: str
    rule: str
    number: int
    text: str


def sort_out(uncounted: Sequence[Uncounted], most: int) -> list[Sort]:
    """Return how many each rule leaves out, the most first; `most` is ``contact.max_people``."""
    found = Counter(("meeting" if one.kind is Kind.MEETING else "mail", _rule(one.rule, most)) for one in uncounted)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [Sort(what, rule, number, _write(what, rule, number)) for (what, rule), number in ordered]


def _rule(text: str, most: int) -> str:
    if _CROWD.fullmatch(text) or text == _TRUNCATED:
        return f"more than {most} people"
    return _OTHERS.sub("and others", text)


def _write(what: str, rule: str, number: int) -> str:
    if rule.startswith("more than "):
        return f"{count(number, what)} {'of' if what == 'meeting' else 'to'} {rule}"
    header = _HEADER.fullmatch(rule)
    if header is None:
        return f"{count(number, what)} ({rule})"
    one = header["what"]
    return count(number, one, f"{one[:-1]}ies" if one.endswith("y") else None) + (header["by"] or "")
