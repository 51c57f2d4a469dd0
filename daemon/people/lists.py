"""Display names that say that a mail came through something: "Name via List", "Name (via Google Docs)".

The address under such a name is no person's. Whether the author's own address is known is for others to find out.
"""

import re
from typing import Final

from daemon.people.text import QUOTES, plain

# Lower case only: Via is a family name, and a first word ("Via Rail").
_VIA: Final = re.compile(r"^(?P<author>.*?\S) (?P<bracket>[(\[])?via \S")


def via_list(name: str) -> str | None:
    """Return the author whom a name of the shape "Name via List" tells, unquoted; None for any other name.

    Examples: ``'Bob Smith' via Google Groups``, ``Bob Smith via LinkedIn``, ``Jane Doe (via Google Docs)``.
    """
    if "via" not in name:
        return None
    match = _VIA.match(plain(name))
    if match is None:
        return None
    return match["author"].strip(QUOTES + " ") or None
