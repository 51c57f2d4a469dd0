"""The correspondence between Robin and the people of the cast: real threads, both ways, in each one's rhythm."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from daemon.demo.cast import CAST, CHANGED_JOBS, ROBIN, ROBIN_THEN, Character, Ending, Mailbox
from daemon.demo.subjects import LINES, POOLS
from daemon.demo.times import moment, weekday_before
from daemon.demo.wire import Letter, message_id, roll

_LENGTHS: Final = (1, 2, 1, 2, 2, 3)
_SHORTEST_GAP: Final = 3  # days
_LEAST, _SPREAD = 0.5, 1.1  # a gap lies between 0.5 and 1.6 times the rhythm
_DAWN: Final = 9 * 60


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thread with one person; `ago` is the day of its last mail, `number` counts from the newest (0)."""

    number: int
    ago: int
    dice: bytes


def exchanges(who: Character, today: date) -> Iterator[Exchange]:
    """Yield the exchanges with `who`, newest first."""
    ago, number = who.silent, 0
    while ago <= who.since:
        dice = roll(who.name, number)
        yield Exchange(number, weekday_before(today, ago) if who.work else ago, dice)
        ago += max(_SHORTEST_GAP, round(who.rhythm * (_LEAST + dice[0] * _SPREAD / 256)))
        number += 1


def correspondence(today: date) -> Iterator[Letter]:
    """Yield all personal mail."""
    for who in CAST:
        for exchange in exchanges(who, today):
            yield from _thread(who, exchange, today)


def robin(who: Character, ago: int) -> Mailbox:
    """Return the address under which `who` knew Robin `ago` days ago."""
    return ROBIN_THEN if who.old_job and ago > CHANGED_JOBS else ROBIN


def _thread(who: Character, exchange: Exchange, today: date) -> Iterator[Letter]:
    dice, pool = exchange.dice, POOLS[who.pool]
    offset = roll(who.name)[0]
    subject = pool[(offset + exchange.number) % len(pool)] if exchange.number else who.topic
    ago, them, me = exchange.ago, who.mailbox(exchange.ago), robin(who, exchange.ago)
    if exchange.number == 0 and who.ending is Ending.MET:
        ago += 2  # the mail that arranged it
    writers = _writers(who, exchange)
    begun_before = bool(dice[3] % 2) and len(writers) > 1 and not who.work
    references: tuple[str, ...] = ()
    for place, mine in enumerate(writers):
        sender, recipient = (me, them) if mine else (them, me)
        own = message_id(sender, who.name, exchange.number, place)
        yield Letter(
            message_id=own,
            at=moment(today, ago + int(begun_before and place == 0), _DAWN + dice[4] % 180 + place * 101),
            mine=mine,
            sender=sender,
            to=(recipient,),
            subject=f"Re: {subject}" if place else subject,
            body=_body(them if mine else me, sender, dice, place),
            references=references,
        )
        references = (*references, own)


def _writers(who: Character, exchange: Exchange) -> tuple[bool, ...]:
    """Return who wrote the mails of a thread, in order; True is Robin."""
    if exchange.number == 0:
        match who.ending:
            case Ending.WAITING:
                return (False,)
            case Ending.BOUNCED | Ending.AWAY:
                return (True,)
            case _:
                return (True, False, True)
    length = _LENGTHS[exchange.dice[1] % len(_LENGTHS)]
    last = bool(exchange.dice[2] % 2)
    return tuple(last if (length - place) % 2 else not last for place in range(length))


def _body(reader: Mailbox, writer: Mailbox, dice: bytes, place: int) -> str:
    lines = [LINES[dice[5 + place + step] % len(LINES)] for step in range(2)]
    return f"Hi {reader.name.split()[0]},\n\n{lines[0]}\n{lines[1]}\n\n{writer.name.split()[0]}"
