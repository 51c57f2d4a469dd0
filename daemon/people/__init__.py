"""Is there a person behind an address, and which addresses are one person. Pure: addresses and names in, verdicts out.

What headers and counts say of an address is decided in `daemon.contact`, which asks here.
"""

from daemon.people.addresses import canonical, local_letters
from daemon.people.display import clean_name, display_name, looks_like_name
from daemon.people.facts import AddressFacts, Conflict, Grouping, Reason
from daemon.people.lists import via_list
from daemon.people.merge import group
from daemon.people.names import all_differ, count_people, is_named_after, joined_names, match_key
from daemon.people.robots import hard_no, is_relay
from daemon.people.roles import human_name, is_role
from daemon.people.suspects import find_suspects
from daemon.people.ties import Tie, TieRule, find_ties

__all__ = [
    "AddressFacts",
    "Conflict",
    "Grouping",
    "Reason",
    "Tie",
    "TieRule",
    "all_differ",
    "canonical",
    "clean_name",
    "count_people",
    "display_name",
    "find_suspects",
    "find_ties",
    "group",
    "hard_no",
    "human_name",
    "is_named_after",
    "is_relay",
    "is_role",
    "joined_names",
    "local_letters",
    "looks_like_name",
    "match_key",
    "via_list",
]
