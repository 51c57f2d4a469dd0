"""Letters for the tests of the kind "outlook", and what was asked of Graph."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Source
from connectors.types import Batch, Mail
from tests.google.answers import Reply
from tests.graph import START, Call, Fault, Graph

ROBIN = "Robin Park <robin@example.com>"
ANNA = "Anna Adler <anna@example.org>"
OTHER = "News <news@example.net>"
LIST = (("List-Id", "<news.example.net>"), ("Precedence", "bulk"))


def before(days: float) -> datetime:
    """Return the moment so many days before the fake's beginning."""
    return START - timedelta(days=days)


def got(graph: Graph, number: int | str, days: float = 10, **how: Any) -> str:
    """Let a mail of Anna's to Robin lie in the Inbox; return its immutable id."""
    fields: dict[str, Any] = {"sender": ANNA, "to": [ROBIN], "at": before(days)}
    fields |= {"message_id": f"<m{number}@example.org>"} | how
    return graph.mailbox.deliver(fields.pop("sender"), fields.pop("to"), **fields)


def wrote(graph: Graph, number: int | str, days: float = 10, **how: Any) -> str:
    """Let a mail of Robin's to Anna lie in Sent; return its immutable id."""
    return got(graph, number, days, **({"sender": ROBIN, "to": [ANNA], "folder": "sentitems"} | how))


def ids(batches: Iterable[Batch[Mail]]) -> list[str]:
    """Return the numbers of the letters that were told, in order."""
    return [mail.message_id.removeprefix("m").partition("@")[0] for batch in batches for mail in batch.items]


def upto(
    source: Source[Mail], count: int, cursor: str | None = None, since: datetime | None = None
) -> list[Batch[Mail]]:
    """Return the first `count` batches of a read, which is then broken off."""
    batches = []
    for batch in source.changes(cursor, since):
        batches.append(batch)
        if len(batches) == count:
            break
    return batches


def calls(graph: Graph, method: str = "", start: int = 0) -> list[Call]:
    """Return the API calls (no batch as such, nothing of the sign-in) from the `start`th of the log on."""
    return [
        one
        for one in graph.log[start:]
        if one.method.endswith(method) and one.method != "batch" and not one.method.startswith("oauth.")
    ]


def changed(change: Callable[[Any], Any]) -> Fault:
    """Return a fault that is the true answer with its document put through `change`, where there is one."""

    def spoil(true: Reply) -> Reply:
        document = json.loads(true.body) if true.status == 200 else None
        return true if document is None else Reply(200, json.dumps(change(document)).encode(), true.kind)

    return Fault("changed after", "after", spoil=spoil)


def methods(several: Sequence[Call]) -> list[str]:
    """Return the methods of some calls, in order."""
    return [one.method.removeprefix("me.") for one in several]
