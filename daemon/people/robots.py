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
# What ticket and review systems make for the answer to one mail: "reply+" and a token of any alphabet.
_REPLIES: Final = frozenset({"reply", "replies", "unsub", "incoming", "inbound", "comment", "comments"})
_FEWEST_SIGNS: Final = 16
# Whatever stands before it, nobody types such a tag: 24 letters and digits in one go, two digits among them.
_LONG_TOKEN: Final = re.compile(
    r"(?:^|[._=+-])(?=[a-z0-9]*[a-z])(?=[a-z0-9]*[0-9][a-z]*[0-9])[a-z0-9]{24,}(?![^._=+-])"
)


def hard_no(email: str) -> str | None:
    """Return the name of the rule by which nobody is behind `email`, or None.

    The words (no-reply, mailer-daemon, bounces …) count as the whole local part or as a part of it delimited by
    ``. _ - =``, looked for before the plus. A plus-token of 16 or more hex digits is an address made for one mail, and
    so is one of any letters after "reply" and its like, and a longer one anywhere.
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
    if plus and (
        _HEX_TOKEN.search(token) or _LONG_TOKEN.search(token) or (base in _REPLIES and len(token) >= _FEWEST_SIGNS)
    ):
        return "one-time token"
    return None


# Labels of domains from which programs write in people's names. GitHub and GitLab give each member an address at
# users.noreply.…, behind which there is a person.
_RELAYS: Final = frozenset({
    "noreply", "no-reply", "donotreply", "do-not-reply", "reply", "replies", "bounce", "bounces", "mailer", "notify",
    "notification", "notifications", "email-notifications",
})  # fmt: skip
_MEMBERS: Final = "users.noreply."


def is_relay(email: str) -> bool:
    """Say whether the domain of `email` is one of notices and answers to them (a soft no): mention@noreply.example."""
    domain = email.lower().rpartition("@")[2]
    return not _RELAYS.isdisjoint(domain.split(".")[:-1]) and not domain.startswith(_MEMBERS)
