"""A piece of work: some messages of a Maildir or a stretch of an mbox, read by whichever process takes it.

Pieces and their results are plain tuples, because they cross processes. Nothing here knows of cursors.
"""

from typing import TypeAlias

from connectors.files.maildir import read_files
from connectors.files.mbox import read_stretch
from connectors.mime.reading import Row

Trouble: TypeAlias = tuple[str, str, str]
"""(path below the folder, "gone" | "failed" | "odd", sentence): see `maildir.Outcome`."""

Piece: TypeAlias = tuple[str, tuple[str, ...], int, int, int | None, bool, bool | None]
"""(folder or box, paths below the folder, start, end, since, filed late, sent): a Maildir's has paths, a box's an end.

`sent` is as for `read_message`: whose beginning is looked at for its salutation.
"""

Result: TypeAlias = tuple[list[Row], list[Trouble], int]
"""(the mails, what went wrong, where a box's last message begins)."""


def read_piece(piece: Piece) -> Result:
    """Read a piece. Mails known to be older than `since` (seconds since 1970) are left out. Never raises OSError."""
    place, paths, start, end, since, filed_late, sent = piece
    troubles: list[Trouble] = []
    found: list[Row | None] = []
    last = end
    if paths:
        read = read_files(place, paths, filed_late=filed_late, sent=sent)
        for path, (row, outcome) in zip(paths, read, strict=True):
            found.append(row)
            if outcome[0]:
                troubles.append((path, *outcome))
    else:
        try:
            found, last = read_stretch(place, start, end, filed_late=filed_late, sent=sent)
        except OSError as err:
            troubles.append(("", "failed", f"{place} could not be read ({err.strerror}); try again later."))
    rows = [row for row in found if row is not None and (since is None or _is_new_enough(row, since))]
    return rows, troubles, last


def _is_new_enough(row: Row, since: int) -> bool:
    """Return False only if every time the mail has is before `since`: which one to believe is not decided here."""
    times = [at for at in row[1:3] if at is not None]
    return not times or max(times) >= since
