"""How much may be asked of the fake, alone and in batches."""

import threading
from typing import Any

import pytest

from tests.graph import faults
from tests.graph.client import Client
from tests.graph.faults import once
from tests.graph.server import Graph


def parts(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": f"{number}", "method": "GET", "url": "/me?$select=id", **more} for number in range(count)]


def statuses(client: Client, requests: list[dict[str, Any]]) -> dict[str, int]:
    answer = client.ask("POST", "/$batch", json={"requests": requests})
    assert answer.status_code == 200, answer.text
    return {one["id"]: one["status"] for one in answer.json()["responses"]}


def test_calls_in_ten_minutes_are_counted_and_refused_ones_too(graph: Graph, client: Client) -> None:
    graph.throttle.limit = 5
    for _ in range(5):
        client.get("/me")
        graph.clock.wait(10)
    answer = client.ask("GET", "/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "560")
    assert answer.json()["error"]["code"] == "ApplicationThrottled"
    graph.clock.wait(560)
    assert client.ask("GET", "/me").ok
    assert client.ask("GET", "/me").status_code == 429  # the refused call counts
    assert (graph.throttle.refused, graph.throttle.calls["me.get"]) == (2, 6)


def test_four_at_a_time(graph: Graph) -> None:
    graph.linger = 0.2
    clients = [Client(graph) for _ in range(6)]
    told: list[int] = []
    threads = [
        threading.Thread(target=lambda one=one: told.append(one.ask("GET", "/me").status_code)) for one in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in clients:
        one.close()
    assert sorted(told) == [200] * 4 + [429] * 2
    assert graph.throttle.most == 4


def test_parts_of_a_batch_run_side_by_side_and_are_judged_alone(graph: Graph, client: Client) -> None:
    assert sorted(statuses(client, parts(6)).values()) == [200] * 4 + [429] * 2
    answer = client.ask("POST", "/$batch", json={"requests": parts(5)}).json()["responses"]
    throttled = next(one for one in answer if one["status"] == 429)
    assert throttled["headers"]["Retry-After"] == "1"
    assert [one["id"] for one in answer] != sorted(one["id"] for one in answer)
    graph.throttle.batch_queues = True
    assert set(statuses(client, parts(20)).values()) == {200}


def test_a_chain_runs_one_after_the_other(graph: Graph, client: Client) -> None:
    chain = parts(20)
    for number in range(1, 20):
        chain[number]["dependsOn"] = [str(number - 1)]
    graph.throttle.mixed_batches = False
    assert set(statuses(client, chain).values()) == {200}
    assert graph.throttle.most == 1
    four = parts(20)
    for number in range(4, 20):
        four[number]["dependsOn"] = [str(number - 4)]
    assert client.refused("POST", "/$batch", json={"requests": four})[0] == 400
    graph.throttle.mixed_batches = True
    assert set(statuses(client, four).values()) == {200}


def test_what_depends_on_a_failure_fails(client: Client) -> None:
    several = parts(3)
    several[0]["url"] = "/me/messages/none"
    several[1]["dependsOn"], several[2]["dependsOn"] = ["0"], ["1"]
    assert statuses(client, several) == {"0": 404, "1": 424, "2": 424}


@pytest.mark.parametrize(
    "requests",
    [
        [],
        parts(21),
        [*parts(1), *parts(1)],
        [{"id": "a", "method": "GET", "url": "/me"}, {"id": "A", "method": "GET", "url": "/me"}],
        parts(1, dependsOn=["9"]),
        [{"id": "1", "method": "GET", "url": "https://graph.microsoft.com/v1.0/me"}],
        [{"id": "1", "method": "GET", "url": "/v1.0/me"}],
        [{"id": 1, "method": "GET", "url": "/me"}],
        [{"id": "1", "method": "POST", "url": "/me/messages", "body": {}}],
        [parts(1, dependsOn=["1"])[0], {"id": "1", "method": "GET", "url": "/me", "dependsOn": ["0"]}],
    ],
)  # fmt: skip
def test_a_malformed_batch_is_refused_as_a_whole(client: Client, requests: list[Any]) -> None:
    assert client.refused("POST", "/$batch", json={"requests": requests}) == (400, "BadRequest")


def test_a_part_has_its_own_preferences(graph: Graph, client: Client) -> None:
    name = graph.mailbox.deliver("Ana <ana@example.org>", ["robin@example.com"])
    asked = {"method": "GET", "url": f"me/messages/{name}?$select=id"}
    several = [{"id": "1", **asked}, {"id": "2", "headers": {"Prefer": 'IdType="ImmutableId"'}, **asked}]
    answer = client.ask("POST", "/$batch", json={"requests": several}).json()["responses"]
    assert {one["id"]: one["body"]["id"] == name for one in answer} == {"1": False, "2": True}


def test_faults_happen_to_parts_and_to_whole_batches(graph: Graph, client: Client) -> None:
    graph.plan = once(None, faults.status(503, retry_after=7), faults.html())
    told = client.ask("POST", "/$batch", json={"requests": parts(4)}).json()["responses"]
    assert sorted(one["status"] for one in told) == [200, 200, 502, 503]
    assert next(one for one in told if one["status"] == 503)["headers"]["Retry-After"] == "7"
    graph.plan = once(faults.status(504), method="batch")
    assert client.refused("POST", "/$batch", json={"requests": parts(1)})[0] == 504
