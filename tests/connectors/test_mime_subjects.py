"""What a subject alone tells: a program's answer for somebody who is away, a report about mail that did not arrive."""

from base64 import b64encode

import pytest

from connectors.mime.reading import read_message
from connectors.mime.subjects import is_autoreply, is_failure
from connectors.types import Mark


def told(subject: str, *lines: str) -> tuple[int, int]:
    """Return the marks of a mail with that subject, and how many recipients it says could not be reached."""
    row = read_message("\n".join((f"Subject: {subject}", *lines, "", "")).encode())
    assert row is not None
    return row[7], len(row[14])


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Tea", "Automatische Antwort: Tee", "Réponse automatique : Thé",
        "Réponse automatique\xa0: Thé",
        "Respuesta automática: Té", "Automatisch antwoord: Thee", "Resposta automática: Chá", "Risposta automatica: Tè",
        "Automatiskt svar: Te", "Automatisk svar: Te", "Odpowiedź automatyczna: Herbata", "Automatická odpověď: Čaj",
        "Otomatik yan\u0131t: Çay", "Автоматический ответ: Чай", "自動応答: お茶", "自动回复\uff1a茶", "자동 회신: 차",
        "Out of Office: Tea", "Out of Office AutoReply: Tea", "Abwesenheitsnotiz: Tee", "AutoReply: Tea",
        "Auto-Reply: Tea", "AUTOMATIC REPLY: TEA", "Automatic reply:", "Automatic reply: Re: Tea",
        "AUTO: Anna Adler is out of the office (returning 02/23/2009)",
    ],
)  # fmt: skip
def test_a_program_that_answers_is_told_by_what_it_writes_before_the_subject(subject: str) -> None:
    assert is_autoreply(subject)
    encoded = f"=?utf-8?b?{b64encode(subject.encode()).decode()}?="
    assert told(encoded) == (Mark.AUTOREPLY, 0)


@pytest.mark.parametrize(
    "subject",
    [
        "", ":", "Tea", "Re: Automatic reply: Tea", "AW: Automatische Antwort: Tee", "Fwd: Out of Office: Tea",
        "Automatic reply", "Automatic replies: how do I switch them off?", "An automatic reply: Tea", "Autos: zwei",
        "Out of office: next week", "out of office: Monday", "Out of Office", "Auto: zu verkaufen",
        "AUTO: zu verkaufen",
        "Abwesend: nächste Woche", "Absence du bureau : du 3 au 7 mai", "Anna is out of the office.",
        "Auto: Anna Adler is out of the office", "Fuera de la oficina: el lunes", "Vacation: where to?",
    ],
)  # fmt: skip
def test_what_people_write_there_is_no_automatic_reply(subject: str) -> None:
    assert not is_autoreply(subject)


@pytest.mark.parametrize(
    ("subject", "failure"),
    [
        ("Undeliverable: Tea", True), ("Unzustellbar: Tee", True), ("Non remis : Thé", True),
        ("No se puede entregar: Té", True), ("Onbestelbaar: Thee", True), ("Não é possível entregar: Chá", True),
        ("Non recapitabile: Tè", True), ("Undelivered Mail Returned to Sender", True),
        ("Returned mail: see transcript for details", True), ("Delivery Status Notification (Failure)", True),
        ("Mail delivery failed: returning message to sender", True), ("Delivery Status Notification (Delay)", False),
        ("Delivery delayed: Tea", False), ("Delivered: Tea", False), ("Relayed: Tea", False),
        ("Delayed Mail (still being retried)", False), ("Re: Undeliverable: Tea", False), ("Undeliverable tea", False),
        ("Warning: could not send message for past 4 hours", False), ("", False),
    ],
)  # fmt: skip
def test_a_report_says_in_its_subject_whether_it_is_over(subject: str, failure: bool) -> None:
    assert is_failure(subject) is failure


def test_a_report_that_mail_is_still_tried_names_nobody_as_unreachable() -> None:
    """Rule: 4.x never."""
    failed = "X-Failed-Recipients: eve@example.net"
    assert told("Delivery Status Notification (Failure)", failed) == (Mark.FAILED_RECIPIENTS, 1)
    assert told("Delivery Status Notification (Delay)", failed) == (Mark.FAILED_RECIPIENTS, 0)
