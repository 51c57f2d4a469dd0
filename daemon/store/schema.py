"""The number of the stored shape, and the steps from each older shape to the next. There is no way back.

A step takes all tables as an older auld wrote them and returns them as the next one does. To change the shape: write
the step, add it under the number it starts from, raise `SCHEMA` by one.
"""

from collections.abc import Callable, Mapping
from typing import Final

from daemon.store.tables import Raw

SCHEMA: Final = 1

MIGRATIONS: Final[Mapping[int, Callable[[Raw], Raw]]] = {}


def migrate(raw: Raw, schema: int) -> Raw:
    """Return `raw`, written with `schema`, in today's shape.

    Raises:
        LookupError: there is no way from that schema.
    """
    for step in range(schema, SCHEMA):
        raw = MIGRATIONS[step](raw)
    return raw
