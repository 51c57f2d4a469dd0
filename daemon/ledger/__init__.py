"""The facts of all accounts in memory, compact: what was mailed and met, by whom, when. Decides nothing about people.

`Ledger` takes batches of facts and turns each into a page, a plain document for the store; loading the pages in order
gives the same ledger again. Pages never change once written, but for `rewrite`, which packs or forgets.
"""

from daemon.ledger.book import Ledger, TitleKey
from daemon.ledger.mails import MailTable
from daemon.ledger.meetings import MeetingFact
from daemon.ledger.packing import pack_plain, unpack_plain
from daemon.ledger.titles import Detail

__all__ = ["Detail", "Ledger", "MailTable", "MeetingFact", "TitleKey", "pack_plain", "unpack_plain"]
