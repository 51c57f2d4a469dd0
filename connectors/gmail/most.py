"""Getting many messages or threads of which a single one cannot be got: it is left out and told."""

from collections.abc import Sequence
from typing import Any, Final

from connectors.errors import BadReply, Unavailable
from connectors.faults import is_about_one
from connectors.gmail.calls import Call, Calls
from connectors.gmail.reader import Reader

_WITNESSES: Final = 5
"""So many others must come, before one that does not is taken for the one to blame."""


def read_most(calls: Calls, wanted: Sequence[Call], reader: Reader) -> list[dict[str, Any] | None]:
    """Return the documents of some reads, in their order; None for what is not there, and for one that always fails.

    Raises:
        Internal, ConnectorError: as from `Calls.read_all`.
    """
    try:
        return calls.read_all(wanted)
    except (Unavailable, BadReply) as err:
        if not is_about_one(err) or len(wanted) <= _WITNESSES:
            raise
    documents: list[dict[str, Any] | None] = []
    blamed: list[int] = []
    for place, one in enumerate(wanted):
        try:
            documents += calls.read_all([one])
        except (Unavailable, BadReply) as err:
            if blamed or not is_about_one(err):
                raise
            blamed.append(place)
            documents.append(None)
    for place in blamed:  # once more, now that all others came: the trouble may have passed just then
        try:
            documents[place : place + 1] = calls.read_all([wanted[place]])
        except (Unavailable, BadReply) as err:
            if not is_about_one(err):
                raise
            reader.problems.add(f"A message or thread was left out, for it alone cannot be got: {err}")
    return documents
