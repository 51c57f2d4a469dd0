"""Takes a batch of meetings into the facts; tells what changed."""

from collections.abc import Iterable

from connectors.types import Meeting
from daemon.ledger.facts import Facts, hash_text
from daemon.ledger.meetings import ALL_DAY, AWAY, CANCELLED, EXTRAORDINARY, FLOATING, WITHHELD, Invited, MeetingFact
from daemon.ledger.moment import to_epoch
from daemon.ledger.news import Names, News
from daemon.ledger.titles import Detail


def take_meetings(facts: Facts, account: str, meetings: Iterable[Meeting]) -> tuple[list[MeetingFact], News]:
    """Put `meetings` of an account among the facts; return those that are new or changed, and the news."""
    names, news = Names(facts), News()
    put = []
    for meeting in meetings:
        fact = _read(names, account, meeting)
        if facts.meetings.get((account, fact.key)) == fact:
            continue
        facts.meetings[account, fact.key] = fact
        put.append(fact)
        title = Detail(meeting.title)
        if meeting.title and facts.details.get(("meeting", fact.identity)) != title:
            facts.details["meeting", fact.identity] = news.titles["meeting", fact.identity] = title
    news.names = names.note()
    return put, news


def _read(names: Names, account: str, meeting: Meeting) -> MeetingFact:
    end = to_epoch(meeting.end)
    organizer = names.number(meeting.organizer, end, own=True)
    creator = names.number(meeting.creator, end, own=True)
    invited = [(names.number(one.address, end, own=False), one) for one in meeting.attendees]
    return MeetingFact(
        account=account,
        key=meeting.key,
        identity=hash_text(f"{meeting.uid}\0{meeting.original_start}") >> 1,
        start=to_epoch(meeting.start),
        end=end,
        flags=_flags(meeting),
        organizer=organizer,
        creator=creator,
        invited=tuple(Invited(number, one.answer, one.resource) for number, one in invited if number >= 0),
        sequence=meeting.sequence,
        updated=to_epoch(meeting.updated_at) if meeting.updated_at is not None else 0,
    )


def _flags(meeting: Meeting) -> int:
    return (
        (FLOATING if meeting.start.tzinfo is None else 0)
        | (ALL_DAY if meeting.all_day else 0)
        | (CANCELLED if meeting.cancelled else 0)
        | (0 if meeting.ordinary else EXTRAORDINARY)
        | (0 if meeting.attendees_known else WITHHELD)
        | (AWAY if meeting.away else 0)
    )
