"""Each fault of the fake comes over the wire as it is named."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import requests

from tests.google import faults
from tests.google.client import SCOPES, batch
from tests.google.faults import Fault, always, once
from tests.google.letters import letter, raw, refused
from tests.google.server import Google

Post = Callable[..., requests.Response]


@pytest.fixture
def post(google: Google) -> Iterator[Post]:
    """Return what makes a draft."""
    headers = {"Authorization": f"Bearer {google.oauth.sign_in(SCOPES)['access_token']}"}
    with requests.Session() as session:
        session.headers.update(headers)
        address = f"{google.url}/gmail/v1/users/me/drafts"
        yield lambda timeout=5: session.post(address, json=raw(letter(1)), timeout=timeout)


WHOLE = [fault for fault in (*faults.PASSING, *faults.LASTING) if fault.reply is not None]


@pytest.mark.parametrize("fault", WHOLE, ids=lambda fault: fault.name)
def test_a_fault_with_a_status_is_answered_before_or_after_the_effect(google: Google, post: Post, fault: Fault) -> None:
    google.plan = once(fault)
    answer = post()
    assert fault.reply is not None
    assert (answer.status_code, answer.content) == (fault.reply.status, fault.reply.body)
    assert len(google.mailbox.drafts) == (fault.applied == "after")
    assert dict(fault.reply.headers).items() <= dict(answer.headers).items()
    assert [call.fault for call in google.faults] == [fault]


@pytest.mark.parametrize("how", ["reset", "close"])
@pytest.mark.parametrize("applied", ["before", "after"])
def test_a_broken_connection_leaves_the_effect_or_not(google: Google, post: Post, how: Any, applied: Any) -> None:
    google.plan = once(faults.reset(applied, how))
    with pytest.raises(requests.ConnectionError):
        post()
    assert len(google.mailbox.drafts) == (applied == "after")
    assert google.log[-1].status == 0
    assert post().ok


def test_the_client_library_posts_twice_over_a_closed_connection(google: Google, gmail: Any) -> None:
    google.plan = once(faults.reset("after", "close"))
    gmail.drafts().create(userId="me", body=raw(letter(1))).execute()
    assert len(google.mailbox.drafts) == 2


def test_a_truncated_answer_ends_too_early(google: Google, post: Post) -> None:
    google.plan = once(faults.truncated())
    with pytest.raises(requests.RequestException):
        post()
    assert len(google.mailbox.drafts) == 1


@pytest.mark.parametrize("fault", [faults.cut_json(), faults.malformed()], ids=lambda fault: fault.name)
def test_cut_and_malformed_json_come_in_a_whole_answer(google: Google, post: Post, fault: Fault) -> None:
    google.plan = once(fault)
    answer = post()
    assert answer.status_code == 200
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(answer.content)


@pytest.mark.parametrize("value", [[], None, 7])
def test_a_wrong_shape_is_good_json(google: Google, post: Post, value: object) -> None:
    google.plan = once(faults.shape(value))
    assert post().json() == value


def test_a_portal_answers_a_page_with_200(google: Google, post: Post) -> None:
    google.plan = once(faults.portal())
    answer = post()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=UTF-8")
    assert google.mailbox.drafts == {}


@pytest.mark.parametrize("applied", ["before", "after"])
def test_a_hanging_connection_waits_for_the_client(google: Google, post: Post, applied: Any) -> None:
    google.plan = once(faults.hang(applied))
    with pytest.raises(requests.ReadTimeout):
        post(timeout=0.05)
    assert len(google.mailbox.drafts) == (applied == "after")
    assert post().ok


def test_a_hanging_connection_is_released(google: Google, post: Post) -> None:
    google.plan = once(faults.hang())
    threading.Timer(0.05, google.release).start()
    with pytest.raises(requests.ConnectionError):
        post()


def test_the_end_comes_at_once_even_while_a_connection_hangs() -> None:
    with Google(plan=always(faults.hang())) as google:
        connection = http.client.HTTPConnection("127.0.0.1", int(google.url.rpartition(":")[2]))
        connection.request("GET", "/gmail/v1/users/me/profile")
        while not google.log:
            time.sleep(0.001)
        idle = socket.create_connection(("127.0.0.1", connection.port))
        start = time.monotonic()
    assert time.monotonic() - start < 1
    connection.close()
    idle.close()


def test_a_revoked_sign_in_stays_dead(google: Google, gmail: Any) -> None:
    google.plan = once(faults.revoked())
    with pytest.raises(Exception, match="invalid_grant"):
        gmail.getProfile(userId="me").execute()
    assert [(call.method, call.status) for call in google.log] == [
        ("gmail.users.getProfile", 401), ("oauth.token", 400),
    ]  # fmt: skip


def test_the_token_endpoint_has_faults_too(google: Google, gmail: Any) -> None:
    google.oauth.expire_access()
    google.plan = once(faults.revoked(), method="oauth.token")
    with pytest.raises(Exception, match="invalid_grant"):
        gmail.getProfile(userId="me").execute()
    assert google.oauth.grants[-1].dead


def test_parts_of_a_batch_have_faults_of_their_own(google: Google, gmail: Any) -> None:
    google.plan = once(None, faults.FORBIDDEN["rateLimitExceeded"], faults.html(), faults.malformed())
    told: dict[str, Any] = {}
    several = batch(google)
    for number in range(5):
        request = gmail.getProfile(userId="me")
        several.add(request, lambda key, answer, error: told.update({key: error or answer}), request_id=str(number))
    several.execute()
    assert told["0"]["messagesTotal"] == 0
    assert [told[key].resp.status for key in "12"] == [403, 502]
    assert isinstance(told["3"], str)  # the client hands on what is no JSON as text
    assert [call.status for call in google.log] == [200, 200, 403, 502, 200, 200]
    assert google.quota.calls["gmail.users.getProfile"] == 3


def test_a_part_may_break_the_whole_batch(google: Google) -> None:
    token = google.oauth.sign_in(SCOPES)["access_token"]
    google.plan = once(None, faults.reset("after"))
    lines = ["--x", "Content-Type: application/http", "Content-ID: <1>", "", "GET /gmail/v1/users/me/profile", ""]
    body = "\r\n".join([*lines, *lines, "--x--", ""]).replace("<1>", "<2>", 1)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/mixed; boundary=x"}
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{google.url}/batch/gmail/v1", data=body, headers=headers, timeout=5)
    assert [call.status for call in google.log] == [0, 200, 0]
    answer = requests.post(f"{google.url}/batch/gmail/v1", data=body, headers=headers, timeout=5)
    assert answer.text.count("HTTP/1.1 200 OK") == 2


def test_a_fault_may_be_meant_for_one_method(google: Google, gmail: Any) -> None:
    google.plan = always(faults.status(500), "drafts.list")
    assert gmail.getProfile(userId="me").execute()
    assert refused(gmail.drafts().list(userId="me"))[:2] == (500, "backendError")


def test_random_faults_come_by_their_seed(google: Google) -> None:
    def run(seed: int) -> list[str]:
        plan = faults.random_plan(seed, 0.3)
        given = (plan(call) for call in [google._note("x", request) for _ in range(300)])
        return [fault.name for fault in given if fault]

    request: Any = type("Request", (), {"query": "", "verb": "GET", "path": "/", "body": b""})
    assert run(1) == run(1) != run(2)
    assert 60 < len(run(3)) < 120
    assert {fault.name for fault in faults.ALL} == set(run(4) + run(5) + run(6) + run(7) + run(8))
