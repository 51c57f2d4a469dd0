"""The config of the sample mailbox: as a user would write it, with a few dates relative to the demo's day."""

from datetime import date, timedelta
from typing import Final

_CONFIG: Final = """\
# The config of auld's sample mailbox. Everything and everyone here is invented.
# A config of your own looks like this; `auld init` writes one, and config.example.toml shows every key.

state = "state"                       # what auld remembers lies beside this file

[me]
name = "Robin Park"
emails = ["robin@example.com"]        # robin.park@old-job.example is learned from the Sent mail
timezone = "Europe/Amsterdam"
city = "Amsterdam"
news = [{{ text = "I moved to the data team.", from = {news_from}, until = {news_until} }}]

[[accounts]]
name = "home"
kind = "files"                        # a mail archive on this disk
sent = ["Mail/Sent"]                  # a Maildir
received = ["Mail/INBOX"]             # another
mail = ["archive.mbox"]               # older mail, both ways, as Google Takeout writes it
calendar = ["calendar.ics"]
drafts = "Mail/Drafts"                # drafts go here; nothing is ever sent

[contact]
ignore = ["*@team.example.org"]       # today's colleagues: no need to be reminded of them

[[circles]]
name = "mentors"
every = "3 months"
occasions = ["catch-up", "lunch"]

[[circles]]
name = "clients"
every = "2 months"
formality = "formal"

[[circles]]
name = "friends"                      # no `every`: each friend has a rhythm of their own

[[circles]]
name = "family"
every = "1 week"

[[people]]
name = "Lakshmi Hutchinson"
emails = ["lakshmi.hutchinson@example.org"]
circle = "mentors"
relation = "supervisor"

[[people]]
name = "Tomás Ferreira"
emails = ["tomas.ferreira@example.net"]
circle = "mentors"
relation = "mentor"
city = "Amsterdam"

[[people]]
name = "Greta Lindqvist"
emails = ["greta.lindqvist@example.com"]
circle = "clients"
every = "8 weeks"                     # wins over the circle's
relation = "client"
language = "de"

[[people]]
name = "田中 春翔"
emails = ["haruto.tanaka@example.net"]
circle = "clients"
relation = "client"
greeting = "Dear Tanaka-san"
birthday = {today}

[[people]]
name = "Amara Okafor"
emails = ["amara.okafor@example.org"]
circle = "friends"
birthday = {birthday}
city = "Amsterdam"                    # Robin's too: a lunch

[[people]]
name = "Mateo Rossi"
emails = ["mateo.rossi@example.com"]
circle = "friends"
every = "6 weeks"

[[people]]
name = "Eun-ji Park"
emails = ["eunji.park@example.com"]
circle = "family"
relation = "family"

[[people]]
name = "Oskar Lindgren"
emails = ["oskar.lindgren@example.net"]
every = "3 months"
relation = "co-worker"

[[people]]
name = "Derek Stone"
emails = ["derek.stone@example.net"]
every = "3 months"
never = true                          # no reminders of this one
"""

_NEWS_SINCE: Final = timedelta(days=60)
_NEWS_FOR: Final = timedelta(days=120)
_TO_BIRTHDAY: Final = timedelta(days=130)
_BORN: Final = 1988  # a leap year: every day of any year is a day of it


def write_config(today: date) -> bytes:
    """Return the config file of the demo's day."""
    return _CONFIG.format(
        news_from=today - _NEWS_SINCE,
        news_until=today + _NEWS_FOR,
        birthday=(today + _TO_BIRTHDAY).replace(year=_BORN),
        today=today.replace(year=_BORN),
    ).encode()
