"""An address with nobody behind it: by which rule, and what to do if that is wrong."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from daemon.cli.output import plain
from daemon.contact import nobody as reasons
from daemon.overview import Overview

_BECAUSE: Final[Mapping[str, str]] = MappingProxyType({
    reasons.NOBODY_ROBOT: "Its part before the @ is of a program (no-reply, notification, bounce and the like).",
    reasons.NOBODY_LIST: "It is a mailing list's: some mail names it as one, or it writes as \"Name via List\".",
    reasons.NOBODY_RESOURCE: "It is a room or a resource of a calendar.",
    reasons.NOBODY_BULK: "And neither a mail of yours to it nor a meeting with it counts as contact.",
    reasons.NOBODY_ROLE: "It is named after a role (info, sales, team and the like), writes under no human name of two "
    "words, and there are no two counted mails each way.",
    reasons.NOBODY_RELAY: "Its domain is one of notices and answers to them, and no two counted mails went each way.",
    reasons.NOBODY_SHARED: "So many do not share a mailbox: it is a program's, like that of tickets.",
    reasons.NOBODY_MY_NAME: "If it is yours, name it in me.emails of the config.",
    reasons.NOBODY_REPLY_TO: "It only ever stood in a Reply-To, as newsletters make one for each mail.",
})  # fmt: skip


def advise(view: Overview, email: str, reason: str) -> Iterator[str]:
    """Yield the sentences on the rule by which nobody is behind an address, and on what to do if that is wrong."""
    number = view.world.ledger.number(email)
    if number is not None and number in view.world.census.mine and number not in view.world.learned:
        yield "It stands in me.emails of the config, or an account tells it as its own; plus-tags are yours, too."
        return
    if number is not None and number in view.world.learned:
        yield "Mail from it lies in your Sent folder, so auld takes it for yours."
    elif reason in _BECAUSE:
        yield _BECAUSE[reason]
    if reason == reasons.NOBODY_USED_AS_LIST:
        yield "If it is an address of yours, name it in me.emails of the config."
    yield f'If it is somebody\'s, say so in the config: [[people]] emails = ["{plain(email)}"]'
