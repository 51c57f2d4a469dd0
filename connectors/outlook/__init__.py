"""The kind "outlook": mail and calendars of Outlook.com, Microsoft 365 and Exchange Online, through Microsoft Graph.

Reads who, when and what the headers say of a mail, and calendar entries; creates and deletes drafts of its own. What
may go over the wire at all is the list in `wire`: nothing on it sends, nor could the permissions.
"""

from connectors.outlook.account import connector

__all__ = ["connector"]
