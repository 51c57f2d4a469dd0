"""A message or thread that cannot be got, ever: it is left out and told, where it alone is to blame for certain."""

import pytest

from connectors.errors import ConnectorError, Unavailable
from connectors.gmail.calls import TRIES
from connectors.types import Batch, Mail
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import got, ids, sentences, wrote
from tests.google import Call, Fault
from tests.google.faults import Plan, shape, status


def failing(fault: Fault, *numbers: str) -> Plan:
    """Return a plan by which some messages or threads cannot be got."""

    def plan(call: Call) -> Fault | None:
        asked = call.method.endswith((".messages.get", "threads.get")) and call.path.rpartition("/")[2] in numbers
        return fault if asked else None

    return plan


def read(home: Home, cursor: str | None = None) -> tuple[list[Batch[Mail]], ConnectorError | None]:
    """Return what a read tells, and how it ends."""
    told: list[Batch[Mail]] = []
    try:
        told.extend(home.mail.changes(cursor, None))
    except ConnectorError as err:
        return told, err
    return told, None


@pytest.mark.parametrize("fault", [status(500), status(503), shape([])], ids=lambda fault: fault.name)
@pytest.mark.parametrize("mine", [True, False], ids=["sent", "received"])
def test_a_message_that_alone_cannot_be_got_is_left_out_and_told_and_stops_nothing(
    home: Home, fault: Fault, mine: bool
) -> None:
    for number in range(30):
        (wrote if mine else got)(home.google, number, 10 + number, subject=f"Letter {number}")
    bad = (wrote if mine else got)(home.google, "bad", 20.5, subject="Bad")
    home.google.plan = failing(fault, bad)
    batches, failure = read(home)
    assert failure is None
    assert sorted(ids(batches), key=int) == [str(number) for number in range(30)]
    (problem,) = sentences(batches)
    assert problem.startswith("A message or thread was left out, for it alone cannot be got: Google")
    home.google.log.clear()
    assert read(home, batches[-1].cursor) == ([], None)
    assert not [one for one in home.google.log if one.method.endswith("messages.get")], "nor is it asked for again"


def test_so_it_is_when_it_comes_later(home: Home) -> None:
    wrote(home.google, 0, 50)
    cursor = read(home)[0][-1].cursor
    for number in range(1, 10):
        wrote(home.google, number, 10, subject=f"Letter {number}")
    home.google.plan = failing(status(500), wrote(home.google, "bad", 9, subject="Bad"))
    batches, failure = read(home, cursor)
    assert failure is None
    assert sorted(ids(batches), key=int) == [str(number) for number in range(1, 10)]
    assert len(sentences(batches)) == 1


@pytest.mark.parametrize("several", [2, 10])
def test_several_that_cannot_be_got_are_the_servers_trouble_and_wait(home: Home, several: int) -> None:
    for number in range(10 - several):
        wrote(home.google, number, 30 + number, subject=f"Letter {number}")
    names = [f"9{number}" for number in range(several)]
    bad = [wrote(home.google, name, 10, subject=f"Bad {name}") for name in names]
    home.google.plan = failing(status(500), *bad)
    told, failure = read(home)
    assert isinstance(failure, Unavailable)
    assert sentences(told) == []
    home.google.plan = None
    rest, failure = read(home, told[-1].cursor)
    assert failure is None
    assert {*ids(told), *ids(rest)} >= set(names)


def test_one_of_a_few_may_be_the_servers_trouble_and_waits(home: Home) -> None:
    for number in range(4):
        wrote(home.google, number, 30 + number, subject=f"Letter {number}")
    home.google.plan = failing(status(500), wrote(home.google, 9, 10, subject="Bad"))
    told, failure = read(home)
    assert isinstance(failure, Unavailable)
    home.google.plan = None
    rest, _ = read(home, told[-1].cursor)
    assert "9" in ids(rest)


def test_one_that_google_wants_to_be_asked_for_later_waits(home: Home) -> None:
    for number in range(9):
        wrote(home.google, number, 30 + number, subject=f"Letter {number}")
    home.google.plan = failing(status(503, retry_after=900), wrote(home.google, 9, 10, subject="Bad"))
    told, failure = read(home)
    assert isinstance(failure, Unavailable)
    assert len(home.google.faults) == 1
    home.google.plan = None
    assert "9" in ids(read(home, told[-1].cursor)[0])


def test_one_that_fails_only_for_a_while_is_not_left_out(home: Home) -> None:
    for number in range(30):
        wrote(home.google, number, 10 + number, subject=f"Letter {number}")
    bad = wrote(home.google, "bad", 20.5, subject="Bad")
    asked = 0

    def plan(call: Call) -> Fault | None:
        nonlocal asked
        fault = failing(status(500), bad)(call)
        asked += fault is not None
        return fault if asked <= 2 * TRIES else None

    home.google.plan = plan
    batches, failure = read(home)
    assert failure is None
    assert "bad" in ids(batches)
    assert sentences(batches) == []
    assert asked > 2 * TRIES
