"""An account of kind "outlook", opened. Nothing is asked of Microsoft before it is used."""

from connectors.base import Account, Connector, Host
from connectors.outlook.calendar import CalendarSource
from connectors.outlook.checking import check
from connectors.outlook.drafts import OutlookDrafts
from connectors.outlook.link import Link
from connectors.outlook.mail import MailSource
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.signing import addresses, login, logout


def open_account(settings: OutlookSettings, host: Host) -> Account:
    """Open the account; no file is read yet either."""
    link = Link(settings, host)
    calendar = CalendarSource(link, host.now) if settings.calendar else None
    return Account(
        mail=MailSource(link, host.now, greetings=host.greetings),
        calendar=calendar,
        drafts=OutlookDrafts(link) if settings.drafts else None,
        addresses=lambda: addresses(link, host),
        check=lambda: check(settings, host, link, calendar),
        tells_greetings=lambda: host.greetings,
    )


connector = Connector(settings=OutlookSettings, open=open_account, login=login, logout=logout)
