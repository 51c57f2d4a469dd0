"""What `auld check` says of an Outlook account."""

from pathlib import Path

import pytest

from connectors.base import Finding
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.place import opened
from tests.connectors.outlook.scene import wrote
from tests.graph import Fault
from tests.graph.faults import ALL, always, revoked, shape, status


@pytest.fixture(autouse=True)
def trusted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the certificate of the fake's sign-in."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(home.graph.ca))


def check(home: Home) -> list[Finding]:
    return list(home.account().check())


def results(home: Home) -> dict[str, str]:
    return {one.name: one.result for one in check(home)}


def test_all_is_well(home: Home) -> None:
    wrote(home.graph, 1)
    home.graph.mailbox.write_draft(["anna@example.org"])
    home.graph.clock.wait(1200)
    told = {one.name: (one.result, one.detail, one.fix) for one in check(home)}
    assert told["sign-in"] == ("ok", "signed in as robin@example.com 0 days ago", "")
    assert told["mail"] == ("ok", "1 lie in Sent", "")
    assert told["drafts"] == ("ok", "1 lie there now", "")
    assert told["calendars"][0] == "ok"


def test_what_is_switched_off_is_not_looked_at(home: Home) -> None:
    home.settings = home.settings.model_copy(update={"calendar": False, "drafts": False})
    home.sign_in(("Mail.ReadBasic", "User.Read"))
    assert results(home) == {"sign-in": "ok", "mail": "ok"}


def test_nobody_is_signed_in(home: Home) -> None:
    home.secrets.now.clear()
    assert check(home) == [Finding("sign-in", "fail", "nobody is signed in", "auld login work")]
    assert home.graph.log == []


def test_a_permission_that_is_lacking_is_named(home: Home) -> None:
    home.sign_in(("Mail.ReadWrite", "User.Read"))
    first = check(home)[0]
    assert (first.result, first.fix) == ("fail", "auld login work")
    assert "Calendars.Read" in first.detail


@pytest.mark.parametrize(
    ("method", "name"),
    [("me.get", "sign-in"), ("mailFolders.get", "mail"), ("calendars.list", "calendars"), ("messages.list", "drafts")],
)
@pytest.mark.parametrize("fault", [status(503), status(403), status(400, "ErrorOdd"), status(404), shape([])],
                         ids=lambda fault: fault.name)  # fmt: skip
def test_what_fails_is_told_where_it_fails_and_the_rest_is_looked_at(
    home: Home, method: str, name: str, fault: Fault
) -> None:
    home.graph.plan = always(fault, method)
    told = {one.name: one for one in check(home)}
    assert told[name].result == "fail"
    assert told[name].detail
    assert told[name].fix
    if name != "sign-in":
        assert [one.result for one in told.values()].count("ok") == 3


def test_a_sign_in_that_died_is_told_with_what_to_do(home: Home) -> None:
    home.graph.plan = always(revoked(), "me.get")
    (found,) = [one for one in check(home) if one.name == "sign-in"]
    assert (found.result, found.fix) == ("fail", "auld login work")


@pytest.mark.parametrize("fault", [one for one in ALL if one.cut != "hang"], ids=lambda fault: fault.name)
def test_it_never_raises(home: Home, fault: Fault) -> None:
    home.graph.plan = always(fault)
    assert check(home)


def test_the_command_tells_it_as_json(tmp_path: Path) -> None:
    with opened(tmp_path) as place:
        told = {one["name"]: one["result"] for one in place.ask("check", code=(0, 1))}
        assert {result for name, result in told.items() if name.startswith("work")} == {"ok"}
