"""Each fault of the fake comes over the wire as it is named."""

import subprocess
import sys
from typing import Any

import orjson
import pytest
import requests

from tests.graph import faults
from tests.graph.client import Client
from tests.graph.faults import Fault, once
from tests.graph.plenty import fill
from tests.graph.server import Graph

WHOLE = [fault for fault in (*faults.PASSING, *faults.LASTING) if fault.reply is not None]
DRAFT = {"subject": "Tea"}


@pytest.mark.parametrize("fault", WHOLE, ids=lambda fault: fault.name)
def test_a_fault_with_a_status_is_answered_before_or_after_the_effect(
    graph: Graph, client: Client, fault: Fault
) -> None:
    graph.plan = once(fault)
    answer = client.ask("POST", "/me/messages", json=DRAFT)
    assert fault.reply is not None
    assert (answer.status_code, answer.content) == (fault.reply.status, fault.reply.body)
    assert len(graph.mailbox.drafts) == (fault.applied == "after")
    assert dict(fault.reply.headers).items() <= dict(answer.headers).items()
    assert [call.fault for call in graph.faults] == [fault]


@pytest.mark.parametrize(
    "fault", [*faults.HANGING, faults.reset("before"), faults.reset("after")], ids=lambda one: one.name
)
def test_a_broken_connection_leaves_the_effect_or_not(graph: Graph, client: Client, fault: Fault) -> None:
    graph.plan = once(fault)
    with pytest.raises((requests.ConnectionError, requests.ReadTimeout)):
        client.ask("POST", "/me/messages", json=DRAFT, timeout=0.2)
    assert len(graph.mailbox.drafts) == (fault.applied == "after")
    assert client.ask("GET", "/me").ok


@pytest.mark.parametrize("fault", [faults.reset(), faults.hang()], ids=lambda one: one.name)
def test_connections_break_over_tls_too(graph: Graph, client: Client, fault: Fault) -> None:
    graph.plan = once(fault)
    with pytest.raises((requests.ConnectionError, requests.ReadTimeout)):
        client.ask("GET", f"{graph.authority}/v1.0/me", verify=str(graph.ca), timeout=0.2)


def test_a_truncated_answer_ends_too_early(graph: Graph, client: Client) -> None:
    graph.plan = once(faults.truncated())
    with pytest.raises(requests.RequestException):
        client.ask("GET", "/me")


def test_a_revoked_sign_in_stays_dead(graph: Graph, client: Client) -> None:
    graph.plan = once(faults.revoked())
    assert client.refused("GET", "/me")[0] == 401
    assert client.refused("GET", "/me")[0] == 401
    assert graph.login.grants[-1].dead


def test_the_answer_repeats_the_clients_request_id(client: Client) -> None:
    answer = client.ask("GET", "/me", headers={"client-request-id": "c1"})
    assert answer.headers["client-request-id"] == "c1"


def test_a_large_mailbox_is_what_it_says(graph: Graph, client: Client) -> None:
    made = fill(graph, 300, 700, friends=20)
    assert len(graph.mailbox.listed("sentitems")) == 300
    assert made.pages(100) == 10
    newest = client.get("/me/messages", top=1000, select="from,toRecipients,receivedDateTime")["value"]
    told: dict[str, Any] = {}
    for one in newest:
        for who in (one["from"], *one["toRecipients"]):
            told.setdefault(who["emailAddress"]["address"], one["receivedDateTime"])
    assert {who: at.isoformat().replace("+00:00", "Z") for who, at in made.last.items()}.items() <= told.items()
    senders = [one["from"]["emailAddress"]["address"] for one in newest]
    assert sum(who.startswith("friend") for who in senders) == made.candidates


def test_it_runs_as_its_own_process() -> None:
    command = [sys.executable, "-m", "tests.graph", "--sent", "20", "--received", "30", "--latency", "0.05"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        ready = orjson.loads(process.stdout.readline())
        headers = {"Authorization": f"Bearer {ready['access_token']}"}
        answer = requests.get(f"{ready['url']}/v1.0/me/messages?$top=100", headers=headers, timeout=5)
        assert len(answer.json()["value"]) == ready["sent"] + ready["received"] == 50
        assert answer.elapsed.total_seconds() >= 0.05
        process.stdin.write(b"\n")
        process.stdin.flush()
        counted = orjson.loads(process.stdout.readline())
        assert (counted["requests"], counted["refused"], counted["sends"]) == (1, 0, 0)
        process.stdin.close()
        assert process.wait(5) == 0
