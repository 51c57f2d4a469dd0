"""The text of a new config file, as a person would write it: what was answered, and what else there is as comments."""

from collections.abc import Iterable, Sequence
from typing import Final

from connectors.pages import page
from daemon.config.answers import CIRCLES, ONLINE, Answers, Friend, Online

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_USUAL: Final = "3 months"

_TOP: Final = """\
#:schema ./config.schema.json
# The config of auld. What every key means: `auld config schema`, which also lets your editor complete and check them
# (auld config schema > config.schema.json, beside this file). After a change: `auld check`.
"""
_NO_ACCOUNT: Final = """
# Where your mail is: take the # from the lines of one kind of account, or of more.
"""
_NO_FILES: Final = """
# Mail on this disk. A path is a Maildir, an mbox, or a folder of either; "~" is your home.
# [[accounts]]
# name = "archive"
# kind = "files"
# sent = ["~/Mail/Sent"]
# received = ["~/Mail/INBOX"]
# mail = ["~/All mail.mbox"]         # sent and received in one, like a Takeout archive
# calendar = ["~/calendar.ics"]
# drafts = "~/Mail/Drafts"           # a Maildir; without it auld has nowhere to put drafts
"""
_NO_PEOPLE: Final = """
# People you want to keep in touch with. Others are suggested by their own rhythm (rhythm.learn).
# [[circles]]
# name = "friends"
# every = "6 weeks"
#
# [[people]]
# name = "Maya Okafor"
# emails = ["maya@example.org"]
# circle = "friends"
"""


def new_config(answers: Answers) -> str:
    """Return the whole text of a config file that says what `answers` say.

    Any text is written such that it is read back the same, less space at its ends. Half a character (a lone surrogate,
    from a file name that is no UTF-8) cannot stand in TOML and becomes ``?``.
    """
    online = [_online(one, answers.online.get(one.kind, "")) for one in ONLINE]
    parts = [_TOP, _me(answers), _files(answers), *online, _rhythm(answers), _people(answers.people)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def new_accounts(answers: Answers, online: Sequence[Online]) -> str:
    """Return the stanzas of the accounts that `answers` name, to stand at the end of a config file."""
    parts = [_online(one, answers.online[one.kind]) for one in online if answers.online.get(one.kind)]
    parts += [_files(answers)] if answers.sent or answers.received or answers.mail or answers.calendar else []
    return "".join("\n" + part.strip("\n") + "\n" for part in parts)


def quoted(text: str) -> str:
    """Return `text` as a TOML basic string."""
    written = text.encode("utf-8", "replace").decode()
    return '"' + "".join(_ESCAPES.get(char) or _escaped(char) for char in written) + '"'


def _escaped(char: str) -> str:
    # TOML wants control characters but tab escaped; others that show nothing are escaped so that they can be seen.
    return char if char.isprintable() else f"\\U{ord(char):08X}"


def _listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(quoted(one) for one in texts) + "]"


def _me(answers: Answers) -> str:
    zone = f"timezone = {quoted(answers.timezone)}" if answers.timezone else '# timezone = "Europe/Amsterdam"'
    return f"""
[me]
name = {quoted(answers.name)}  # signs the drafts
emails = {_listed(answers.emails)}  # every address you have written from
{zone}  # default: the system's
# news = [ {{ text = "I moved to the data team.", until = 2027-03-01 }} ]  # told once to each person
"""


def _files(answers: Answers) -> str:
    places = {
        "sent": answers.sent,
        "received": answers.received,
        "mail": answers.mail,
        "calendar": answers.calendar,
    }
    if not any(places.values()):
        return _NO_FILES if answers.online else _NO_ACCOUNT + _NO_FILES
    lines = [f"{key} = {_listed(paths)}" for key, paths in places.items() if paths]
    if answers.drafts:
        lines.append(f"drafts = {quoted(answers.drafts)}  # the only place auld ever writes mail to")
    else:
        lines.append('# drafts = "~/Mail/Drafts"  # a Maildir; without it auld has nowhere to put drafts')
    stanza = ["[[accounts]]", 'name = "archive"', 'kind = "files"  # mail on this disk: Maildir, mbox, .ics', *lines]
    if answers.emails:
        return "\n" + "\n".join(stanza)
    # Without the user's addresses nobody can tell which mail is theirs, and a config that says so does not load.
    return "\n# Fill in emails above, then take the # from these lines.\n" + "\n".join(f"# {line}" for line in stanza)


def _online(one: Online, key: str) -> str:
    value = quoted(key or one.example)
    note = "" if one.is_path and key.startswith(("/", "~")) else f"  # {one.note}"
    lines = ["[[accounts]]", f'name = "{one.name}"', f'kind = "{one.kind}"', f"{one.key} = {value}{note}"]
    lines += one.more
    if key:
        return "\n".join(["", f"# {one.title}. Sign in: auld login {one.name}", *lines, ""])
    how = f"# How to get the {one.wanted}, click by click: {page(one.guide)}. Then: auld login {one.name}"
    return "\n".join(["", f"# {one.title}.", how, *(f"# {line}" for line in lines), ""])


def _rhythm(answers: Answers) -> str:
    return f"""
[rhythm]
goal = {answers.goal}  # drafts a month, at most
# open = 5  # unsent drafts at a time, at most
# days = ["mon", "tue", "wed", "thu", "fri"]
# hours = "08:00-18:00"
# learn = true  # suggest people who are in no circle, by their own rhythm

# [contact]
# ignore = ["*@clinic.example"]  # never suggested: your dentist, your landlord, today's colleagues
"""


def _people(people: tuple[Friend, ...]) -> str:
    if not people:
        return _NO_PEOPLE
    circles = dict.fromkeys(friend.circle.strip() for friend in people if friend.circle.strip())
    parts = [
        f'[[circles]]\nname = {quoted(name)}\nevery = "{CIRCLES.get(name.casefold(), _USUAL)}"\n' for name in circles
    ]
    for friend in people:
        lines = [f"name = {quoted(friend.name)}"] if friend.name else []
        lines += [f"emails = {_listed([friend.email])}"] if friend.email else []
        lines += [f"circle = {quoted(friend.circle)}"] if friend.circle.strip() else []
        parts.append("[[people]]\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)
