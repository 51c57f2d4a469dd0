"""Behind which addresses there is nobody, as far as that can be said before anything is counted.

Some are ruled out for good, some only as long as no counts speak for them; `daemon.contact.census` asks the counts.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from daemon.contact.copies import Mails
from daemon.contact.tally import find_roles, find_used_as_lists
from daemon.ledger import Ledger, MeetingFact
from daemon.people import (
    count_people,
    hard_no,
    human_name,
    is_named_after,
    is_relay,
    joined_names,
    local_letters,
    match_key,
    via_list,
)

_CROWD: Final = 4  # so many people's names at one address are no family's
_THRONG: Final = 6  # and so many are nobody's, whatever went to and fro: one answers tickets, too
_FEWEST: Final = 2  # personal mails that prove an address somebody's own

NOBODY_ROBOT = "robot address"
NOBODY_LIST = "mailing list"
NOBODY_RESOURCE = "room or resource"
NOBODY_BULK = "all their mail is bulk or automatic"
NOBODY_ROLE = "role address"
NOBODY_REPLY_TO = "only ever stood in a Reply-To"
NOBODY_RELAY = "address of a service that writes in people's names"
NOBODY_SHARED = "many people's names write from it"
NOBODY_USED_AS_LIST = "mail of many to it reached you, though you are not on it: a list, or an address of yours"
NOBODY_MY_NAME = "it writes under your name: an address of yours that me.emails does not tell"


def rule_out(
    ledger: Ledger,
    emails: Sequence[str],
    mails: Mails,
    meetings: Sequence[MeetingFact],
    mine: Collection[int],
    lists: Collection[int],
    me: str,
    listed: Collection[int],
) -> dict[int, str]:
    """Return the addresses that can be judged by themselves, with the reason.

    `lists` are the mailing lists that `find_lists` finds, `me` is my own name.
    """
    nobody = dict.fromkeys(_find_asides(ledger, mails), NOBODY_REPLY_TO)
    for fact in meetings:
        for one in fact.invited:
            if one.resource:
                nobody[one.address] = NOBODY_RESOURCE
    for number in _find_unnamed(ledger, emails, find_used_as_lists(mails, ledger.groups, mine, lists)):
        nobody[number] = NOBODY_USED_AS_LIST
    for number in lists:
        nobody[number] = NOBODY_LIST
    own = match_key(me)
    for number, names in ledger.own_names.items():
        if own is not None and all(match_key(name) == own for name in names):
            nobody[number] = NOBODY_MY_NAME
        elif len(names) >= _THRONG and _is_throng(emails[number], names, _THRONG):
            nobody[number] = NOBODY_SHARED
    for number, email in enumerate(emails):
        if hard_no(email):
            nobody[number] = NOBODY_ROBOT
    return {number: reason for number, reason in nobody.items() if number not in listed}


def find_soft(ledger: Ledger, emails: Sequence[str]) -> dict[int, str]:
    """Return the addresses that are nobody's unless the counts say otherwise, with the reason.

    A role address that is called like one human being is theirs, but not if they have another: then it is a form or
    a service that writes in their name.
    """
    roles = find_roles(emails)
    human = {number: key for number in roles if (key := _human(ledger, number, emails[number])) is not None}
    wanted = set(human.values())
    elsewhere = {
        key
        for number, names in ledger.own_names.items()
        if number not in roles
        for key in map(match_key, names)
        if key in wanted and key is not None
    }
    soft = dict.fromkeys((one for one in roles if one not in human or human[one] in elsewhere), NOBODY_ROLE)
    soft |= {number: NOBODY_RELAY for number, email in enumerate(emails) if is_relay(email)}
    many = (number for number, names in ledger.own_names.items() if len(names) >= _CROWD)
    return soft | {
        number: NOBODY_SHARED for number in many if _is_throng(emails[number], ledger.own_names[number], _CROWD)
    }


def find_lists(ledger: Ledger) -> set[int]:
    """Return the mailing lists' addresses: those some mail says are one, and those that write as "Name via List".

    One odd mail makes nobody a list: not who wrote personal mail under a name that the address is made of.
    """
    suspected = ledger.lists | {
        number for number, names in ledger.own_names.items() if any(via_list(name) for name in names)
    }
    named = {number for number in suspected if _is_own(ledger.addresses[number], ledger.own_names.get(number, ()))}
    if not named:
        return suspected
    personal = dict.fromkeys(named, 0)
    for sender, marks in zip(ledger.mails.sender, ledger.mails.marks, strict=True):
        if sender in named and not marks:
            personal[sender] += 1
    return suspected - {number for number, count in personal.items() if count >= _FEWEST}


def _find_asides(ledger: Ledger, mails: Mails) -> set[int]:
    """Return who is known only as a possible author behind another's From: newsletters make a Reply-To a mail."""
    asides = set(ledger.authors.values()).difference(mails.sender, ledger.mails.sender, *ledger.groups)
    for fact in ledger.meetings.values():
        asides.difference_update((fact.organizer, fact.creator), (one.address for one in fact.invited))
    return asides


def _find_unnamed(ledger: Ledger, emails: Sequence[str], lists: Collection[int]) -> set[int]:
    """Return those of `lists`, known by use alone, that nobody called like a human being or invited to a meeting."""
    suspected = {
        number
        for number in lists
        if not any(human_name(name, emails[number]) for name in ledger.given_names.get(number, ()))
    }
    invited = {one.address for fact in ledger.meetings.values() for one in fact.invited if one.address in suspected}
    suspected -= invited
    if not suspected:
        return suspected
    joined = joined_names(name for names in ledger.own_names.values() for name in names)
    return {number for number in suspected if local_letters(emails[number]) not in joined}


def _is_throng(email: str, names: Collection[str], least: int) -> bool:
    return count_people(names) >= least and not _is_own(email, names)


def _is_own(email: str, names: Collection[str]) -> bool:
    """Say whether an address is made of a human name that it writes under."""
    return any(via_list(name) is None and human_name(name, email) and is_named_after(email, name) for name in names)


def _human(ledger: Ledger, number: int, email: str) -> tuple[str, ...] | None:
    """Return what an address, named after a role, is called, if that is like one human being."""
    names: Mapping[str, int] = ledger.own_names.get(number) or ledger.given_names.get(number) or {}
    if count_people(names) > 1 or not any(human_name(name, email) for name in names):
        return None
    return next((key for name in names if (key := match_key(name)) is not None), ())
