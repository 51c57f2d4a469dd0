"""Which addresses can have nobody behind them, judged by the address alone.

These are the hard noes: nothing but a ``[[people]]`` entry overrides them. What headers or counts say of an address is
decided where mails are counted; roles, the soft no, are in `daemon.people.roles`.
"""

import re
from typing import Final

_CALENDAR_DOMAINS: Final = ("@resource.calendar.google.com", "@group.calendar.google.com")

# A separator inside a word is optional, whatever it is: no-reply, no_reply, no.reply and noreply are one word.
_WORDS: Final = re.compile(
    r"(?:^|(?<=[._=-]))"
    r"(?:(?P<noreply>no[._=-]?reply)"
    r"|(?P<donotreply>do[._=-]?not[._=-]?reply)"
    r"|(?P<daemon>mailer[._=-]?daemon)"
    r"|(?P<postmaster>postmaster)"
    r"|(?P<bounce>bounces?)"
    r"|(?P<notification>notifications?))"
    r"(?![^._=-])"
)
_RULES: Final = {
    "noreply": "no-reply",
    "donotreply": "do-not-reply",
    "daemon": "mailer-daemon",
    "postmaster": "postmaster",
    "bounce": "bounce",
    "notification": "notification",
}
# Most addresses hold none of these and need no regular expression.
_HINT: Final = re.compile(r"reply|daemon|post|bounc|notif")
_HEX_TOKEN: Final = re.compile(r"(?:^|[._=+-])[0-9a-f]{16,}(?![^._=+-])")


def hard_no(email: str) -> str | None:
    """Return the name of the rule by which nobody is behind `email`, or None.

    The words (no-reply, mailer-daemon, bounces …) count as the whole local part or as a part of it delimited by
    ``. _ - =``, looked for before the plus. A plus-token of 16 or more hex digits is an address made for one mail.
    """
    text = email.lower()
    local, _, domain = text.rpartition("@")
    if domain.endswith("calendar.google.com") and text.endswith(_CALENDAR_DOMAINS):
        return "calendar resource or group"
    base, plus, token = local.partition("+")
    if _HINT.search(base):
        match = _WORDS.search(base)
        if match is not None:
            return _RULES[match.lastgroup or ""]
    if plus and _HEX_TOKEN.search(token):
        return "one-time token"
    return None
