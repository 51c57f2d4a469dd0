"""Takes a batch of mails into the facts. It leaves out what is known, for facts may be told again."""

from collections.abc import Iterable
from typing import Final

from connectors.types import Mail
from daemon.ledger.facts import Facts, hash_text
from daemon.ledger.mails import IN_SENT, OUTSIDE_SENT, TRUNCATED
from daemon.ledger.moment import mail_moment, to_epoch
from daemon.ledger.news import Names, News
from daemon.ledger.titles import Detail

_PERSONAL: Final = 12  # more recipients than this: no title is kept, nobody's rule could count it
_NOBODY: Final = {-1}


def take_mails(facts: Facts, account: str, mails: Iterable[Mail]) -> News:
    """Add `mails` of an account to the facts; return what that brought beside rows and numbers."""
    intake = _Intake(facts, account)
    for mail in mails:
        intake.take(mail)
    return intake.finish()


class _Intake:
    """One batch."""

    def __init__(self, facts: Facts, account: str) -> None:
        self._facts = facts
        self._account = facts.intern_account(account)
        self._first_row = len(facts.mails)
        self._names = Names(facts)
        self._news = News()

    def take(self, mail: Mail) -> None:
        moment = mail_moment(mail.dated_at, mail.received_at)
        if moment is None:
            return
        facts, at = self._facts, to_epoch(moment)
        self._note_salutation(mail, at)  # also of a mail that is known: it may have been read without
        key = _key(mail, at)
        flags = (TRUNCATED if mail.truncated else 0) | (
            0 if mail.in_sent is None else IN_SENT if mail.in_sent else OUTSIDE_SENT
        )
        if not facts.note_row(key, self._account, flags, mail.marks):
            return
        number = self._names.number
        sender = number(mail.sender, at, own=True)
        members = tuple(sorted({number(one, at, own=False) for one in mail.recipients} - _NOBODY))
        self._note_author(mail, at)
        self._note_lists(mail)
        self._news.failures += [(at, failure) for failure in mail.failures if facts.note_failure(at, failure)]
        group = facts.intern_group(members)
        thread = hash_text(mail.thread) if mail.thread and mail.thread != mail.message_id else key
        facts.mails.append(at, sender, group, int(mail.marks), flags, self._account, key, thread)
        personal = not mail.marks and not mail.truncated and len(members) <= _PERSONAL
        if personal and facts.newest.admit((sender, *members), at, key):
            self._news.titles["mail", key] = Detail(mail.subject, mail.message_id, mail.references, mail.thread)

    def finish(self) -> News:
        """Note what waited for the end; return the news."""
        facts, news = self._facts, self._news
        news.names = self._names.note()
        facts.details.update(news.titles)
        for key in facts.newest.driven_out:
            news.titles.pop(("mail", key), None)
            facts.details.pop(("mail", key), None)
        facts.newest.driven_out.clear()
        return news

    def _note_salutation(self, mail: Mail, at: int) -> None:
        if mail.salutation and len(mail.recipients) == 1:
            number = self._facts.intern(mail.recipients[0].email)
            sender = -1 if mail.sender is None else self._facts.intern(mail.sender.email)
            if self._facts.note_greeting(number, mail.salutation, at, sender):
                self._news.greeted.append((number, mail.salutation, at, sender))

    def _note_author(self, mail: Mail, at: int) -> None:
        """Note who is behind the From, where the mail names another author."""
        author = mail.original_from or (mail.reply_to if mail.reply_to != mail.sender else None)
        if author is None or (mail.sender is not None and author.email.lower() == mail.sender.email.lower()):
            return
        number = self._names.number(author, at, own=False)
        if number < 0:
            return
        row = len(self._facts.mails)
        self._facts.authors[row] = number
        self._news.authors += (row - self._first_row, number)

    def _note_lists(self, mail: Mail) -> None:
        for email in mail.lists:
            number = self._facts.intern(email)
            if number >= 0 and number not in self._facts.lists:
                self._facts.lists.add(number)
                self._news.lists.append(number)


def _key(mail: Mail, at: int) -> int:
    """Return what names the mail among all: its Message-ID, else sender, moment and subject."""
    if mail.message_id:
        return hash_text(mail.message_id)
    return hash_text(f"{mail.sender.email.lower() if mail.sender else ''}\0{at}\0{hash_text(mail.subject)}")
