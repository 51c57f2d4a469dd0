"""Several calls in one request: how they are written, and how their answers are told apart."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import BadReply
from connectors.gmail.batch import MOST, list_batch, read_batch, write_batch
from connectors.gmail.faults import Lost
from connectors.types import Batch, Mail
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import calls, ids, wrote
from tests.google import Call, Fault
from tests.google.answers import Reply
from tests.google.batch import Order
from tests.google.faults import always, status

HEADERS = {"content-type": "multipart/mixed; boundary=b1"}


@dataclass
class Asked:
    uri: str


def part(number: int | str | None, body: str, code: str = "200 OK") -> str:
    name = "" if number is None else f"Content-ID: <response-part-{number}>\r\n"
    inner = f"HTTP/1.1 {code}\r\nContent-Type: application/json\r\nETag: x\r\n\r\n{body}"
    return f"--b1\r\nContent-Type: application/http\r\n{name}\r\n{inner}\r\n"


def whole(*parts: str) -> bytes:
    return ("".join(parts) + "--b1--\r\n").encode()


def bodies(content: bytes, count: int) -> list[bytes]:
    return [body for _, body in read_batch(HEADERS, content, count)]


@given(st.permutations(range(6)))
def test_answers_in_any_order_are_told_apart_by_their_names(order: list[int]) -> None:
    content = whole(*(part(number, f'{{"n": {number}}}') for number in order))
    assert bodies(content, 6) == [f'{{"n": {number}}}'.encode() for number in range(6)]


def test_answers_without_names_are_taken_in_the_order_asked() -> None:
    assert bodies(whole(part(None, "1"), part(None, "2"), part(None, "3")), 3) == [b"1", b"2", b"3"]


def test_bare_line_ends_preambles_and_quoted_boundaries_are_read() -> None:
    content = b"a preamble\r\n" + whole(part(1, "1"), part(0, "0"))
    assert bodies(content, 2) == [b"0", b"1"]
    bare = {"content-type": 'Multipart/Mixed; charset=x; boundary="b1"'}
    assert [body for _, body in read_batch(bare, content.replace(b"\r\n", b"\n"), 2)] == [b"0", b"1"]


def test_each_part_has_its_own_status_and_headers() -> None:
    content = whole(part(0, "{}"), part(1, "no", "429 Too Many Requests"))
    (one, _), (two, _) = read_batch(HEADERS, content, 2)
    assert (one.status, two.status, one["etag"]) == (200, 429, "x")


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (whole(part(0, "{}")), HEADERS),
        (whole(part(0, "{}"), part(0, "{}")), HEADERS),
        (whole(part(0, "{}"), part(2, "{}")), HEADERS),
        (whole(part(0, "{}"), part(None, "{}"), part(1, "{}")), HEADERS),
        (whole(part(0, "{}"), part("9" * 5000, "{}")), HEADERS),
        (whole(part(0, "{}"), "--b1\r\n\r\nno answer\r\n"), HEADERS),
        (whole(part(0, "{}"), part(1, "{}"))[:-12], HEADERS),
        (whole(part(0, "{}"), part(1, "{}"))[:150], HEADERS),
        (whole(part(0, "{}"), part(1, "{}")), {}),
        (whole(part(0, "{}"), part(1, "{}")), {"content-type": "text/html"}),
        (whole(part(0, "{}"), part(1, "{}")), {"content-type": "multipart/mixed; boundary="}),
        (b"<html>Please sign in</html>", HEADERS),
        (b"", HEADERS),
    ],
    ids=range(13),
)
def test_an_answer_that_does_not_answer_all_is_none(content: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(Lost) as caught:
        read_batch(headers, content, 2)
    assert caught.value.bad


@given(
    st.lists(
        st.sampled_from([
            b"--b1", b"--b1--", b"\r\n", b"\n\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 999 \xff\r\n", b"{}", b"\x00",
            b"Content-ID: <response-part-0>\r\n", b"Content-ID: \xff\xfe\r\n", b"Retry-After: \xff\r\n", b": :\r\n",
            b"Content-ID: <response-part-1>\r\n",
        ]),
        max_size=30,
    ).map(b"".join)
)  # fmt: skip
def test_no_mixture_of_an_answer_makes_it_raise_anything_else(content: bytes) -> None:
    try:
        found = read_batch(HEADERS, content, 2)
    except Lost:
        return
    assert len(found) == 2


@given(st.lists(st.text("abcxyz0189/%.?=&-_~", min_size=1), min_size=1, max_size=MOST))
def test_what_is_written_can_be_listed_again(paths: list[str]) -> None:
    _, body = write_batch([Asked(f"https://gmail.googleapis.com/gmail/v1/x{path}") for path in paths])
    assert len(list_batch(body)) == len(paths)
    assert all(one.startswith("/gmail/v1/x") for one in list_batch(body))


# -- against the fake --------------------------------------------------------------------------------------------------


def fill(home: Home, count: int = 40) -> set[str]:
    for number in range(count):
        wrote(home.google, number, 10 + number, subject=f"Letter {number}")
    return {str(number) for number in range(count)}


@pytest.mark.parametrize("order", ["asked", "reversed", "shuffled"])
def test_never_more_than_ten_calls_go_together_and_their_order_does_not_matter(home: Home, order: Order) -> None:
    home.google.batch_order = order
    everything = fill(home)
    assert ids(home.read()) == [str(number) for number in range(len(everything))]
    sizes = [
        max(one.part or 0 for one in home.google.log if one.request == call.request) for call in calls(home.google)
    ]
    assert max(sizes) == MOST - 1


def test_a_batch_is_of_gets_only(home: Home) -> None:
    fill(home)
    home.read()
    assert {one.verb for one in home.google.log if one.part is not None} == {"GET"}


@pytest.mark.parametrize("code", [400, 404, 410, 412])
def test_a_batch_that_is_refused_as_a_whole_tells_nothing_of_its_parts(home: Home, code: int) -> None:
    fill(home)
    home.google.plan = always(status(code), "batch")
    told: list[Batch[Mail]] = []
    with pytest.raises(BadReply):
        told.extend(home.mail.changes(None, None))
    assert ids(told) == []
    home.google.plan = None
    assert len(ids(home.read(told[-1].cursor))) == 40


def test_a_whole_batch_answered_by_a_page_is_asked_again(home: Home) -> None:
    everything = fill(home)
    spoilt = 0

    def plan(call: Call) -> Fault | None:
        nonlocal spoilt
        spoilt += call.method == "batch"
        page = Reply(200, b"<html>Please sign in</html>", "text/html")
        return Fault("page", "before", page) if call.method == "batch" and spoilt % 2 else None

    home.google.plan = plan
    assert set(ids(home.read())) == everything


def test_one_part_that_fails_is_asked_again_alone_among_others(home: Home) -> None:
    everything = fill(home, 25)
    seen: dict[str, int] = {}

    def plan(call: Call) -> Fault | None:
        seen[call.path] = seen.get(call.path, 0) + 1
        return status(503) if call.part == 3 and seen[call.path] == 1 else None

    home.google.plan = plan
    assert set(ids(home.read())) == everything
    gets = {path: count for path, count in seen.items() if "/messages/" in path}
    assert sorted(gets.values())[:20] == [1] * 20, "what was answered is not asked for again"
    assert max(gets.values()) == 2
