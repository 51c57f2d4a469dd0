"""Delta queries at the fake: rounds, replays, removals, tokens that end."""

from datetime import timedelta
from typing import Any

import pytest

from tests.graph.client import Client
from tests.graph.server import Graph

ROBIN, ANA = "Robin Park <robin@example.com>", "Ana Lima <ana@example.org>"
START = "/me/mailFolders/sentitems/messages/delta"
SIZE = 'IdType="ImmutableId", odata.maxpagesize=10'


def sent(graph: Graph, count: int) -> list[str]:
    now = graph.clock.now()
    return [
        graph.mailbox.deliver(ROBIN, [ANA], at=now - timedelta(days=number), subject=f"{number}", folder="sentitems")
        for number in range(count)
    ]


def go_on(client: Client, link: str = START, select: str | None = "subject") -> tuple[list[Any], str, int]:
    """Follow a round to its end; return what was told, the delta link, and how many pages there were."""
    told: list[Any] = []
    pages = 0
    page = client.get(link, SIZE, **({"select": select} if link == START and select else {}))
    while True:
        pages += 1
        assert len(page["value"]) <= 10
        told += page["value"]
        if "@odata.deltaLink" in page:
            return told, page["@odata.deltaLink"], pages
        page = client.get(page["@odata.nextLink"], SIZE)


def test_a_first_round_tells_all_once_in_loose_order(graph: Graph, client: Client) -> None:
    names = sent(graph, 45)
    told, link, pages = go_on(client)
    assert pages == 5
    order = [one["id"] for one in told]
    assert sorted(order) == sorted(names) != order != names
    assert set(told[0]) == {"@odata.etag", "id", "subject"}
    assert go_on(client, link)[0] == []


def test_only_the_preference_sets_the_page_and_no_option_goes_with_a_token(graph: Graph, client: Client) -> None:
    sent(graph, 12)
    assert client.refused("GET", f"{START}?$top=5") == (400, "ErrorInvalidUrlQuery")
    assert client.refused("GET", f"{START}?$filter=isRead eq true")[0] == 501
    answer = client.ask("GET", START, prefer="odata.maxpagesize=7")
    assert (len(answer.json()["value"]), answer.headers["Preference-Applied"]) == (7, 'odata.maxpagesize="7"')
    assert client.refused("GET", answer.json()["@odata.nextLink"] + "&$select=id")[0] == 400
    assert client.refused("GET", f"{START}?$deltatoken=made-up")[0] == 400
    assert client.refused("GET", "/me/messages/delta")[0] == 501


def test_the_next_round_tells_what_came_changed_and_went(graph: Graph, client: Client) -> None:
    names = sent(graph, 4)
    _, link, _ = go_on(client)
    new = graph.mailbox.deliver(ROBIN, [ANA], subject="new", folder="sentitems")
    graph.mailbox.deliver(ANA, [ROBIN], subject="elsewhere")
    graph.mailbox.edit_draft(names[0], subject="changed")
    graph.mailbox.delete(names[1])
    graph.mailbox.moved_reason = "changed"
    graph.mailbox.move(names[2], "archive")
    told, again, _ = go_on(client, link)
    assert {one["id"]: one.get("subject") or one["@removed"]["reason"] for one in told} == {
        new: "new", names[0]: "changed", names[1]: "deleted", names[2]: "changed",
    }  # fmt: skip
    assert go_on(client, link)[0] == told
    assert go_on(client, again)[0] == []


@pytest.mark.parametrize("late", [False, True])
def test_what_changes_during_a_round_is_told_at_its_end_or_in_the_next(
    graph: Graph, client: Client, late: bool
) -> None:
    graph.delta.late_changes = late
    sent(graph, 15)
    first = client.get(START, SIZE)
    new = graph.mailbox.deliver(ROBIN, [ANA], folder="sentitems")
    rest, link, _ = go_on(client, first["@odata.nextLink"])
    assert (new in {one["id"] for one in rest}) is not late
    assert (new in {one["id"] for one in go_on(client, link)[0]}) is late


def test_replays_short_pages_and_an_empty_end_lose_nothing(graph: Graph, client: Client) -> None:
    graph.delta.repeats, graph.delta.short_pages, graph.delta.empty_end = 0.3, True, True
    names = sent(graph, 60)
    told, link, pages = go_on(client)
    order = [one["id"] for one in told]
    assert set(order) == set(names)
    assert len(order) > 60
    assert pages > 6
    assert {one["id"] for one in go_on(client, link)[0]} <= set(names)


@pytest.mark.parametrize(
    ("status", "code"), [(410, "SyncStateNotFound"), (410, "resyncRequired"), (400, "syncStateNotFound")]
)
def test_tokens_expire(graph: Graph, client: Client, status: int, code: str) -> None:
    sent(graph, 15)
    next_link, (_, delta_link, _) = client.get(START, SIZE)["@odata.nextLink"], go_on(client)
    graph.delta.expire(status, code)
    for link in (next_link, delta_link):
        assert client.refused("GET", link) == (status, code)
    assert len(go_on(client)[0]) == 15


def test_tokens_grow_old(graph: Graph, client: Client) -> None:
    _, link, _ = go_on(client)
    graph.delta.lifetime = 100
    graph.clock.wait(101)
    assert client.refused("GET", link)[0] == 410


def test_links_go_with_either_kind_of_id(graph: Graph, client: Client) -> None:
    (name,) = sent(graph, 1)
    _, link, _ = go_on(client)
    graph.mailbox.edit_draft(name, subject="changed")
    ordinary = client.get(link, prefer="")["value"][0]["id"]
    assert client.get(link)["value"][0]["id"] == name != ordinary
