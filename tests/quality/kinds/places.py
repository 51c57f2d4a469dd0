"""The same mail in several places, mail without a Message-ID, and mail that is none: trash, spam, drafts."""

from tests.quality.world import INBOX, MAILDIR, MIXED, SENT, World

FOLDERS = "home/Folders/"


def labels(text: str) -> str:
    """Return the line that Takeout puts into a mail."""
    return f"X-Gmail-Labels: {text}\n"


def takeout(w: World) -> None:
    """Mails that lie in a mixed box only, where labels and the From tell the direction."""
    one = w.friend()
    w.got(one, w.past(), box=MIXED, head=labels("Inbox,Opened"))
    w.wrote([one], w.past(), box=MIXED, head=labels("Sent,Opened"))
    w.wrote([one], w.past(), box=MIXED, head=labels("=?UTF-8?Q?Messages_envoy=C3=A9s?="))
    w.wrote([one], w.past(), box=MIXED, head=labels("Archived,Opened"))  # the From tells
    for told in ("Spam", "Trash", "Drafts", "Papierkorb", "=?UTF-8?Q?Entw=C3=BCrfe?="):
        w.got(one, w.past(), counts=False, box=MIXED, head=labels(told))
        w.wrote([one], w.past(), counts=(), box=MIXED, head=labels(told))


def left_out(w: World) -> None:
    """Mails in folders and with flags by which they are thrown away, spam or unfinished."""
    for folder in ("Trash", "Junk", "Spam", "Drafts", "Deleted"):
        one = w.friend()
        w.got(one, w.past(), counts=False, box=FOLDERS + folder)
        w.wrote([one], w.past(), counts=(), box=FOLDERS + folder)
    for flags in ("ST", "T", "D", "DS"):
        w.got(w.friend(), w.past(), counts=False, box=MAILDIR, flags=flags)


def deleted_in_one_place(w: World) -> None:
    """A mail that lies in the inbox and in the trash."""
    one = w.friend()
    w.got(one, w.past())
    w.post.copy(FOLDERS + "Trash", INBOX[one.account])


def other_folders(w: World) -> None:
    """Mails in a folder of folders, and in a Maildir."""
    one = w.friend()
    w.got(one, w.past(), box=FOLDERS + "Friends")
    w.got(one, w.past(), box=MAILDIR, flags=w.dice.choice(("", "S", "RS", "FS")))
    w.got(one, w.past(), box=MAILDIR, received=None)


def seen_twice(w: World) -> None:
    """The same mail in two folders and in two accounts, received or sent."""
    one = w.friend()
    w.got(one, w.past())
    w.post.copy(MIXED, INBOX[one.account], head=labels("Inbox"))
    w.got(one, w.past(), extra=w.me("work"))
    w.post.copy(MAILDIR, INBOX[one.account], later=20)
    w.wrote([one], w.past())
    w.post.copy(MIXED, SENT[one.account], head=labels("Sent"))


def earliest_copy(w: World) -> None:
    """Two copies of a mail without a Date: the earlier one tells when it was."""
    one = w.newcomer("earliest copy")
    at = w.past()
    key = w.post.key()
    for later in w.dice.sample((0, 5 * 3600), 2):
        w.got(one, at + later, counts=False, key=key, subject="Once", date="", received=30, filed=30)
    one.owner.received(at + 30)


def sent_copy(w: World) -> None:
    """A mail of mine of which a copy came back with a broken Date: the copy in Sent tells when it was."""
    one = w.newcomer("sent copy")
    at = w.past()
    key = w.post.key()
    w.wrote([one], at, key=key)
    w.post.put("home/Inbox", at - 3600, sender=w.me(one.account), to=w.to([one]), key=key, date="", received=0)


def nameless_mail(w: World) -> None:
    """Mails without a Message-ID, one of them twice."""
    one = w.friend()
    w.got(one, w.past(), key="", subject="No name")
    w.post.copy(MIXED, INBOX[one.account], head=labels("Inbox"))
    w.wrote([one], w.past(), key="")
    w.got(one, w.past(), key="")
