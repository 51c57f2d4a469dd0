"""What is told of listed messages: the facts of those that are mail of the user's, outside Drafts, Junk and Deleted.

Facts that only the headers of the wire tell (bulk, lists) are asked for where a list does not bring them and they
decide: of received mail from somebody who was ever written to, and of what looks like a report that mail could not be
delivered. Those mails wait until as many can be asked for together as a batch holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from connectors.ahead import begin
from connectors.outlook import api
from connectors.outlook.batch import MOST
from connectors.outlook.calls import Calls
from connectors.outlook.cursor import Position
from connectors.outlook.facts import Letter, Reader
from connectors.outlook.reports import is_doubtful
from connectors.packing import hash_word
from connectors.text import clean
from connectors.types import Batch, Mail

_PROBLEMS: Final = 20


class Sieve:
    """Takes messages in; `at` moves on with it."""

    def __init__(self, at: Position, calls: Calls, since: datetime | None) -> None:
        self._at = at
        self._calls = calls
        self._since = since
        self._reader = Reader()
        self._sent = at.folders[api.SENT]
        self._left_out = {at.folders[name] for name in (api.DRAFTS, api.DELETED, api.JUNK) if name in at.folders}
        self._problems: list[str] = []

    def batch(self, mails: list[Mail]) -> Batch[Mail]:
        """Return what was told since the last batch, and where the reading stands."""
        problems, self._problems = self._problems, []
        if len(problems) > _PROBLEMS:
            problems = [*problems[:_PROBLEMS], f"{len(problems) - _PROBLEMS} more messages were left out."]
        at = self._at
        at.total = at.done if at.through else max(at.done, at.total)  # a guess, until all is read
        return Batch(mails, at.write(), (), at.done, at.total, tuple(problems))

    def sent(self, rows: Iterable[Mapping[str, Any]]) -> list[Mail]:
        """Return the mails that rows of Sent tell of; those they are to are known from then on."""
        mails: list[Mail] = []
        for row in rows:
            if "@removed" in row:  # deleting a mail does not undo the contact
                continue
            letter = self._read(row, in_sent=True)
            if letter is not None and letter.mail is not None and not self._is_old(letter):
                mails.append(letter.mail)
                self._at.known.update([hash_word(one.email.lower()) for one in letter.mail.recipients])
        return mails

    def is_sent(self, row: Mapping[str, Any]) -> bool:
        """Say whether a row lies in Sent, which is read for itself."""
        return row.get("parentFolderId") == self._sent

    def received(self, rows: Iterable[Mapping[str, Any]], *, last: bool) -> Iterator[Batch[Mail]]:
        """Yield what rows of all folders tell of, and mails that waited; all of those if these are the `last` rows.

        Raises:
            Internal, ConnectorError: as from `Calls.read_all`, once all else is told; what could not be got waits on.
        """
        mails: list[Mail] = []
        for row in rows:
            letter = self._read(row, in_sent=False)
            if letter is None or letter.mail is None or not self._counts(letter):
                continue
            if self._decides(letter):
                self._at.waiting.append(letter.id)
            else:
                mails.append(letter.mail)
        failure = self._look_up(mails, last=last)
        yield self.batch(mails)
        if failure is not None:
            raise failure

    def _look_up(self, mails: list[Mail], *, last: bool) -> BaseException | None:
        """Get those that wait, as far as they fill batches or these are the `last`; return what went wrong."""
        waiting = self._at.waiting
        count = len(waiting) if last else len(waiting) // MOST * MOST
        parts = [waiting[place : min(place + MOST, count)] for place in range(0, count, MOST)]
        coming = [begin(partial(self._calls.read_all, [api.message(one) for one in part])) for part in parts]
        left, failure = [], None
        for part, future in zip(parts, coming, strict=True):
            if (err := future.exception()) is not None:
                left += part
                failure = failure or err
                continue
            for document in future.result():
                # One that is not there any more was deleted since.
                letter = None if document is None else self._read(document, in_sent=False)
                if letter is not None and letter.mail is not None and self._counts(letter):
                    mails.append(letter.mail)
        self._at.waiting = left + waiting[count:]
        return failure

    def _decides(self, letter: Letter) -> bool:
        """Say whether headers that were not told would decide: of a mail from somebody I know, or a server's report."""
        mail = letter.mail
        if letter.headers or mail is None or mail.sender is None:
            return False
        return hash_word(mail.sender.email.lower()) in self._at.known or is_doubtful(mail.sender.email, mail.subject)

    def _counts(self, letter: Letter) -> bool:
        return letter.folder not in self._left_out and not self._is_old(letter)

    def _is_old(self, letter: Letter) -> bool:
        return self._since is not None and letter.at < self._since

    def _read(self, row: Mapping[str, Any], *, in_sent: bool) -> Letter | None:
        try:
            return self._reader.letter(row, in_sent=in_sent)
        except ValueError as err:
            self._problems.append(f"A message was left out: {clean(str(err), 100)}")
            return None
