"""The door at which a browser delivers a sign-in's answer, whoever's sign-in it is."""

import socket
from collections.abc import Iterator
from itertools import count

import pytest
import requests

from connectors.loopback import Loopback, check_redirect

FREE = ["http://localhost", "http://localhost/", "http://localhost/back", "http://127.0.0.1", "http://127.5.5.5"]


def clock() -> Iterator[float]:
    """Yield seconds, one at each look."""
    return (float(second) for second in count())


def call(address: str, **fields: str) -> requests.Response:
    with requests.Session() as http:
        http.trust_env = False
        return http.get(address, params=fields, timeout=5)


def has_six() -> bool:
    with socket.socket(socket.AF_INET6) as door:
        try:
            door.bind(("::1", 0))
        except OSError:
            return False
    return True


@pytest.mark.parametrize("redirect", [*FREE, "http://[::1]", "HTTP://LOCALHOST"])
def test_a_redirect_without_a_port_is_served_as_it_is_named_at_a_free_one(redirect: str) -> None:
    if "[" in redirect and not has_six():
        with pytest.raises(OSError, match=r"."):
            Loopback(redirect, "s")
        return
    with Loopback(redirect, "s") as one, Loopback(redirect, "s") as other:
        assert one.address != other.address
        scheme, _, place = redirect.lower().partition("//")
        host, slash, path = place.partition("/")
        head, port = one.address.removesuffix(slash + path).rsplit(":", 1)
        assert head == f"{scheme}//{host}"
        assert call(f"http://{host}:{port}/{path}", state="s", code="c").status_code == 200
        assert one.wait(5, clock().__next__) == f"{one.address}?state=s&code=c"
        assert other.wait(3, clock().__next__) is None


def test_a_browser_that_keeps_its_caller_gets_its_page_before_anybody_waits() -> None:
    with Loopback("http://localhost", "s") as door:
        assert "goes on in the terminal" in call(door.address, state="s", code="c").text
        assert door.wait(0, clock().__next__) == f"{door.address}?state=s&code=c"


def test_nothing_is_an_answer_before_the_state_is_drawn() -> None:
    with Loopback("http://localhost") as door:
        for state in ({}, {"state": ""}, {"state": "s"}):
            assert call(door.address, code="c", **state).status_code == 404
        door.state = "s"
        assert door.wait(3, clock().__next__) is None
        call(door.address, state="s", error="access_denied")
        assert door.wait(3, clock().__next__) == f"{door.address}?state=s&error=access_denied"


def test_the_first_answer_is_the_answer() -> None:
    with Loopback("http://localhost", "s") as door:
        for code in ("first", "second"):
            call(door.address, state="s", code=code)
        assert door.wait(3, clock().__next__) == f"{door.address}?state=s&code=first"


def test_the_door_is_closed_afterwards() -> None:
    with Loopback("http://localhost", "s") as door:
        pass
    with pytest.raises(requests.ConnectionError):
        call(door.address, state="s", code="c")


def test_a_port_that_is_taken_is_an_error_before_anything_is_opened() -> None:
    with Loopback("http://localhost", "s") as door, pytest.raises(OSError, match="in use"):
        Loopback(door.address)


@pytest.mark.parametrize(
    ("redirect", "why"),
    [
        ("http://10.0.0.1/", "not this machine"), ("http://localhost.example.com", "not this machine"),
        ("https://localhost", "not this machine"), ("urn:ietf:wg:oauth:2.0:oob", "not this machine"),
        ("", "not this machine"), ("http://", "not this machine"), ("http://localhost:99999", "no web address"),
        ("http://localhost:abc", "no web address"), ("http://localhost:0", "no web address"),
        ("http://[localhost", "no web address"), ("http://localhost/?a=b", "no web address"),
        ("http://localhost/#a", "no web address"), ("http://local\nhost", "no web address"),
        ("http://localhost/a b", "no web address"), ("http://localhost/\ud800", "no web address"),
    ],
)  # fmt: skip
def test_where_no_answer_can_come_to_is_refused_with_the_reason(redirect: str, why: str) -> None:
    for refuse in (check_redirect, Loopback):
        with pytest.raises(ValueError, match=why):
            refuse(redirect)
