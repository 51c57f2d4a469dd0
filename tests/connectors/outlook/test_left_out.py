"""A message that cannot be got, ever: it is left out and told, where it is certain that it alone is to blame."""

import pytest

from connectors.errors import ConnectorError, Unavailable
from connectors.types import Batch, Mail
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.scene import calls, got, ids, wrote
from tests.graph import Call, Fault
from tests.graph.faults import Plan, shape, status


def fill(home: Home, some: int) -> set[str]:
    """Lay mails of a friend's whose headers no list brings; return the names of all that lies there."""
    home.graph.mail.headers_in_lists = False
    wrote(home.graph, "s", 100)
    for number in range(some):
        got(home.graph, f"r{number}", 10 + number)
    return {"s", *(f"r{number}" for number in range(some))}


def failing(fault: Fault, *numbers: str) -> Plan:
    """Return a plan by which some messages cannot be got."""

    def plan(call: Call) -> Fault | None:
        return fault if call.method.endswith("messages.get") and call.path.rpartition("/")[2] in numbers else None

    return plan


def read(home: Home, cursor: str | None = None) -> tuple[list[Batch[Mail]], ConnectorError | None]:
    """Return what a read tells, and how it ends."""
    told: list[Batch[Mail]] = []
    try:
        told.extend(home.mail.changes(cursor, None))
    except ConnectorError as err:
        return told, err
    return told, None


@pytest.mark.parametrize("fault", [status(500), status(503), status(504), shape([])], ids=lambda fault: fault.name)
def test_a_message_that_alone_cannot_be_got_is_left_out_and_told_and_stops_nothing(home: Home, fault: Fault) -> None:
    everything = fill(home, 50)
    home.graph.plan = failing(fault, got(home.graph, "bad", 3))
    batches, failure = read(home)
    assert failure is None
    assert sorted(ids(batches)) == sorted(everything)
    (problem,) = [one for batch in batches for one in batch.problems]
    assert problem.startswith("A message was left out, for it alone cannot be got: Microsoft")
    home.graph.log.clear()
    assert read(home, batches[-1].cursor) == ([], None)
    assert calls(home.graph, "messages.get") == [], "nor is it asked for again"


@pytest.mark.parametrize("several", [2, 20])
def test_several_that_cannot_be_got_are_the_servers_trouble_and_wait(home: Home, several: int) -> None:
    everything = fill(home, 20 - several)
    names = [f"bad{number}" for number in range(several)]
    home.graph.plan = failing(status(500), *(got(home.graph, name, 3) for name in names))
    told, failure = read(home)
    assert isinstance(failure, Unavailable)
    assert [one for batch in told for one in batch.problems] == []
    assert home.graph.clock.tick() < 200
    home.graph.plan = None
    rest, failure = read(home, told[-1].cursor)
    assert failure is None
    assert set(ids([*told, *rest])) == {*everything, *names}


def test_one_of_a_few_may_be_the_servers_trouble_and_waits(home: Home) -> None:
    everything = fill(home, 4)
    home.graph.plan = failing(status(500), got(home.graph, "bad", 3))
    told, failure = read(home)
    assert isinstance(failure, Unavailable)
    home.graph.plan = None
    rest, _ = read(home, told[-1].cursor)
    assert set(ids([*told, *rest])) == {*everything, "bad"}


def test_a_batch_that_fails_as_a_whole_says_nothing_of_a_message(home: Home) -> None:
    everything = fill(home, 20)
    home.graph.plan = lambda call: status(500) if call.method == "batch" and b"/messages/" in call.body else None
    told, failure = read(home)
    assert isinstance(failure, Unavailable)
    assert not [one for one in calls(home.graph, "messages.get") if one.part is None]
    home.graph.plan = None
    rest, _ = read(home, told[-1].cursor)
    assert set(ids([*told, *rest])) == everything


def test_one_that_microsoft_wants_to_be_asked_for_later_waits(home: Home) -> None:
    fill(home, 19)
    home.graph.plan = failing(status(503, retry_after=900), got(home.graph, "bad", 3))
    told, failure = read(home)
    assert isinstance(failure, Unavailable)
    assert failure.retry_after is not None
    assert len(home.graph.faults) == 1
    home.graph.plan = None
    assert "bad" in ids(read(home, told[-1].cursor)[0])
