"""An account of kind "gmail", opened. Nothing is asked of Google before it is used."""

from connectors.base import Account, Connector, Host
from connectors.gmail.calendar import CalendarSource
from connectors.gmail.checking import check
from connectors.gmail.drafts import GmailDrafts
from connectors.gmail.link import Link
from connectors.gmail.mail import MailSource
from connectors.gmail.settings import GmailSettings
from connectors.gmail.signing import addresses, login, logout, shows_text


def open_account(settings: GmailSettings, host: Host) -> Account:
    """Open the account; no file is read yet either."""
    link = Link(settings, host)
    calendar = CalendarSource(link, host.now) if settings.calendar else None
    return Account(
        mail=MailSource(link, host.now),
        calendar=calendar,
        drafts=GmailDrafts(link) if settings.drafts else None,
        addresses=lambda: addresses(link, host),
        check=lambda: check(settings, host, link, calendar),
        tells_greetings=lambda: host.greetings and shows_text(host),
    )


connector = Connector(settings=GmailSettings, open=open_account, login=login, logout=logout)
