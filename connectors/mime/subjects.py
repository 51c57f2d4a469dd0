"""What a subject alone tells: that a program answered, or that a mail could not be delivered.

Kept is what mail servers write before the subject of the mail they answer, up to its colon: so an answer to such a mail
("Re: Automatic reply: …") is a human's. Left out is what people write there themselves ("Auto:", "Abwesend:", "Absence
du bureau :"), though Sieve's vacation (RFC 5230, section 4.3) and old servers do so too: their mails have a header.
"""

import re
from typing import Final

_REPLIES: Final = frozenset({
    # Exchange and Outlook since 2010, in the mailbox's language
    "automatic reply", "automatische antwort", "réponse automatique", "respuesta automática", "automatisch antwoord",
    "resposta automática", "risposta automatica", "automatiskt svar", "automatisk svar", "automaattinen vastaus",
    "odpowiedź automatyczna", "automatická odpověď", "automatická odpoveď", "automatikus válasz", "răspuns automat",
    "автоматический ответ", "автоматична відповідь", "αυτόματη απάντηση", "otomatik yan\u0131t", "resposta automàtica",
    "automatski odgovor", "samodejni odgovor", "自動応答", "自动答复", "自动回复", "自動回覆", "자동 회신",
    # Exchange 2000 to 2007, as the lists of bounce handlers have them (Joobi, node-bounce-handler)
    "out of office autoreply", "abwesenheitsnotiz", "réponse automatique d'absence du bureau",
    "automatisch antwoord bij afwezigheid", "risposta di assenza",
    # Webmail (iRedMail's vacation.sieve, Yahoo)
    "autoreply", "auto-reply", "auto reply", "yahoo! auto response",
})  # fmt: skip
_EXCHANGE_2007: Final = "Out of Office"  # in these letters: people write it too, mostly in others
# HCL Notes, "OOOSetGeneralSubject": "AUTO: Katherine Smith is out of the office (returning 02/23/2009)".
_NOTES: Final = re.compile(r"AUTO: .{1,200}? is out of the office\b")

_FAILURES: Final = frozenset({
    "undelivered mail returned to sender",  # Postfix
    "mail delivery failed",  # Exim: "Mail delivery failed: returning message to sender"
    "returned mail",  # sendmail: "Returned mail: see transcript for details"
    "delivery status notification (failure)",  # Google, Microsoft's SMTP service
    # Exchange, in the mailbox's language
    "undeliverable", "unzustellbar", "nicht zustellbar", "non remis", "no se puede entregar", "onbestelbaar",
    "não é possível entregar", "não entregue", "non recapitabile",
})  # fmt: skip
_DELAY: Final = "delivery status notification (delay)"  # Google


def is_autoreply(subject: str) -> bool:
    """Say whether a subject, decoded and clean, is one under which a program answers for somebody who is away."""
    head, colon, _ = subject.replace("\uff1a", ":", 1).partition(":")  # a colon as wide as a Chinese letter
    if not colon:
        return False
    head = head.rstrip()
    return head.casefold() in _REPLIES or head == _EXCHANGE_2007 or _NOTES.match(subject) is not None


def is_failure(subject: str) -> bool:
    """Say whether a subject, decoded and clean, is that of a report about mail that could not be delivered."""
    return subject.partition(":")[0].rstrip().casefold() in _FAILURES


def is_delay(subject: str) -> bool:
    """Say whether a subject is that of a report about mail that is still tried."""
    return subject.casefold() == _DELAY
