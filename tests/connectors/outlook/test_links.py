"""Links by which a list goes on: they are Graph's, and are never taken for calls of auld's own."""

from typing import Any

import pytest

from connectors.errors import BadReply
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.scene import changed, got, wrote
from tests.google.faults import always
from tests.graph import START

PATHS = ["/me/messages?$skip=1", "/v1.0/me/messages?$skip=1", "/me/sendMail", "//example.com/v1.0/me/messages"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["messages.delta", "mailFolders.messages.list", "calendars.list", "calendarView"])
def test_a_link_without_a_host_is_told_as_an_odd_answer_and_not_followed(home: Home, method: str, path: str) -> None:
    """OData would let it be below the list's own address; Graph never writes it so."""
    got(home.graph, 1)
    wrote(home.graph, 2)
    home.graph.calendars.put("Tea", START)
    home.graph.plan = always(changed(lambda told: told | {"@odata.nextLink": path}), method)

    def ask() -> list[Any]:
        if method == "messages.delta":
            return home.read()
        if method == "mailFolders.messages.list":
            return list(home.drafts.all())
        return list(home.calendar.changes(None, None))

    with pytest.raises(BadReply, match="another shape"):
        ask()
    assert not any(one.query.get("$skip") for one in home.graph.log)
    assert [one.method for one in home.graph.log if not one.method] == []
