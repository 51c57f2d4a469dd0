"""What programs send in a person's name: invitations, answers to them, out-of-office replies, receipts, reports."""

from typing import Any, Final

from tests.quality.post import mailbox
from tests.quality.truth import DAY
from tests.quality.world import ME, Address, World

_AWAY: Final = (
    "Automatic reply: ", "Automatische Antwort: ", "Réponse automatique : ", "Respuesta automática: ",
    "Automatisch antwoord: ", "Risposta automatica: ", "Resposta automática: ",
)  # fmt: skip
_AWAY_HEADS: Final = (
    "Auto-Submitted: auto-replied\n",
    "Auto-Submitted: auto-generated (vacation)\n",
    "X-Autoreply: yes\n",
    "Precedence: auto_reply\n",
    "Precedence: bulk\nX-Auto-Response-Suppress: All\n",
    "Return-Path: <>\n",
)
_CALENDAR: Final = "BEGIN:VCALENDAR\nMETHOD:{method}\nEND:VCALENDAR\n"


def _calendar(w: World, method: str) -> dict[str, Any]:
    """Return the type and body of a calendar mail: the whole of it, or a part."""
    mark = f"=_{w.dice.getrandbits(60):x}"
    told = f'text/calendar; charset="utf-8"; method={method}'
    entry = _CALENDAR.format(method=method)
    if w.dice.random() < 0.4:
        return {"kind": f"MIME-Version: 1.0\nContent-Type: {told}\n", "body": entry}
    return {
        "kind": f'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="{mark}"\n',
        "body": f"--{mark}\nContent-Type: text/plain\n\nHi\n\n--{mark}\nContent-Type: {told}\n\n{entry}\n--{mark}--\n",
    }


def calendar_mail(w: World) -> None:
    """Invitations and answers to them, as mail of a friend's and as mail of mine."""
    one = w.friend()
    for method, subject in (
        ("REQUEST", "Invitation: Lunch"),
        ("REPLY", "Accepted: Lunch"),
        ("REPLY", "Declined: Lunch"),
        ("CANCEL", "Cancelled: Lunch"),
    ):
        w.got(one, w.past(), counts=False, subject=subject, **_calendar(w, method))
    for method in ("REQUEST", "REPLY"):
        w.wrote([one], w.past(), counts=(), subject="Accepted: Lunch", **_calendar(w, method))


def answers_only(w: World) -> None:
    """Somebody whose only mails are answers of their calendar and of their absence, which prove nothing about them."""
    others = w.some(5)
    one = w.newcomer("answers only")
    w.got(one, w.past(), counts=False, subject="Accepted: Lunch", **_calendar(w, "REPLY"))
    w.got(one, w.past(), counts=False, subject="Away", head="Auto-Submitted: auto-replied\n")
    w.got(others[0], w.past(), cc=[one])
    seven = [*w.some(6), one]
    w.wrote(seven, w.past(), counts=())  # somebody, and so they make seven


def away(w: World) -> None:
    """Out-of-office replies that say so in their headers; some of mine, too."""
    for head in w.dice.sample(_AWAY_HEADS, 3):
        w.got(w.friend(), w.past(), counts=False, head=head, subject="Out of office")
    w.wrote([w.friend()], w.past(), counts=(), head="Auto-Submitted: auto-replied\n", subject="I am away")


def away_by_subject(w: World) -> None:
    """Exchange's out-of-office replies, which only their subject tells, in seven languages."""
    for subject in w.dice.sample(_AWAY, 3):
        text = f"{subject}the garden"
        told = text if text.isascii() else mailbox(text, "x", w.dice.randrange(2)).rpartition(" <")[0]
        w.got(w.friend(), w.past(), counts=False, subject=told)
    w.wrote([w.friend()], w.past(), counts=(), subject="Automatic reply: the garden")


def about_being_away(w: World) -> None:
    """Mail that people wrote, about such a reply or in words like it."""
    for subject in (
        "Re: Automatic reply: the garden",
        "AW: Automatische Antwort: der Garten",
        "Automatic replies at work",
    ):
        w.got(w.friend(), w.past(), subject=subject)
        w.wrote([w.friend()], w.past(), subject=subject)


def receipt(w: World) -> None:
    """A read receipt."""
    kind = 'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary="=_r"\n'
    body = (
        "--=_r\nContent-Type: text/plain\n\nIt was read.\n\n--=_r\nContent-Type: message/disposition-notification\n\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n\n--=_r--\n"
    )
    w.got(w.friend(), w.past(), counts=False, subject="Read: the garden", kind=kind, body=body)


def _report(
    w: World, at: int, status: str, original: str, final: str, *, action: str = "failed", why: str = ""
) -> None:
    told = f"Original-Recipient: rfc822;{original}\n" if original else ""
    body = (
        "--=_d\nContent-Type: text/plain\n\nSorry.\n\n--=_d\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example.net\n\n{told}Final-Recipient: rfc822;{final}\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; 550 {status} {why or 'sorry'}\n\n--=_d--\n"
    )
    kind = 'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_d"\n'
    w.robot(
        "robot", "Mail Delivery System", "mailer-daemon@mx.example.net", at, to=ME["home"][1], account="home",
        head="Return-Path: <>\nAuto-Submitted: auto-replied\n", subject="Undelivered Mail", kind=kind, body=body,
    )  # fmt: skip


def _fit(w: World, kind: str) -> Address:
    """Return somebody new who is fit to be suggested, and to whom I wrote 30 days ago for the last time."""
    one = w.newcomer(kind, account="home")
    w.befriend(one, 60, 800)
    w.wrote([one], w.ago(30))
    return one


def dead(w: World) -> None:
    """An address that is reported not to exist."""
    one = _fit(w, "dead")
    status, why = w.dice.choice((("5.1.1", ""), ("5.1.10", ""), ("5.1.2", ""), ("5.0.0", "user unknown")))
    final = one.email
    original = one.email
    if w.dice.random() < 0.3:
        final = f"inner{w.dice.randrange(10**6)}@hidden.example"
    elif w.dice.random() < 0.5:
        original = ""
    _report(w, w.ago(30) + 60, status, original, final, why=why)
    one.owner.dead.add(one.email)


def not_dead(w: World) -> None:
    """An address with reports that prove nothing: a full mailbox, a delay, blocked content, a blamed sender."""
    one = _fit(w, "not dead")
    status = w.dice.choice(("4.2.2", "4.4.1", "5.2.2", "5.7.1", "5.1.8", "5.1.7"))
    _report(w, w.ago(30) + 60, status, one.email, one.email, action="delayed" if status[0] == "4" else "failed")


def alive_again(w: World) -> None:
    """An address that was reported not to exist, and wrote later."""
    one = _fit(w, "alive again")
    _report(w, w.ago(30) + 60, "5.1.1", one.email, one.email)
    w.got(one, w.ago(30) + 5 * DAY)


def dead_and_new(w: World) -> None:
    """Somebody with two addresses, the older of which is dead."""
    name = w.names.name()
    person = w.person("dead and new", name)
    old = w.address(person, name, local="first.last", account="home")
    new = w.address(person, name, local="initials", account="home")
    w.befriend(old, 300, 900)
    w.befriend(new, 30, 200)
    w.wrote([old], w.ago(250))
    _report(w, w.ago(250) + 60, "5.1.1", old.email, old.email)
    person.dead.add(old.email)


def sent_by_a_server(w: World) -> None:
    """A friend's mail with an empty Return-Path, and one with a full one."""
    one = w.friend()
    w.got(one, w.past(), counts=False, head="Return-Path: <>\n")
    w.got(one, w.past(), head="Return-Path: <somebody@example.org>\nAuto-Submitted: no\n")
