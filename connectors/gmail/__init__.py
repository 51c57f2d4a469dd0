"""The kind "gmail": Gmail and Google Calendar, through Google's APIs.

Reads headers, labels and calendar entries; creates and deletes drafts of its own. What may go over the wire at all is
the list in `wire`: nothing on it sends.
"""

from connectors.gmail.account import connector

__all__ = ["connector"]
