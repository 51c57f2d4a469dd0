"""The kind "files": mail (Maildir, mbox) and calendar (.ics) on this disk, drafts into a Maildir.

Reads only, save for the Drafts folder.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.files.account import connector

__all__ = ["connector"]


def __getattr__(name: str) -> object:
    """Open the door on demand: a worker process needs only the reading of mail, not pydantic and the contract."""
    if name == "connector":
        from connectors.files.account import connector  # noqa: PLC0415 -- that is the point

        return connector
    raise AttributeError(name)
