"""Several reads in one request: how they are written, and what is made of the answers."""

import orjson
import pytest

from connectors.outlook import api
from connectors.outlook.batch import MOST, read_batch, read_document, write_batch
from connectors.outlook.call import Call
from connectors.outlook.faults import Lost


def test_each_part_waits_for_the_one_before_it_and_asks_for_ids_that_last() -> None:
    call = write_batch(
        [api.folder("inbox"), Call("GET", "/me/x", prefer=('outlook.timezone="UTC"',)), api.message("a=b")]
    )
    assert (call.verb, call.path) == ("POST", "/$batch")
    assert call.body is not None
    first, second, third = call.body["requests"]
    assert [one.get("dependsOn") for one in (first, second, third)] == [None, ["0"], ["1"]]
    assert [one["id"] for one in (first, second, third)] == ["0", "1", "2"]
    assert first["headers"] == {"Prefer": 'IdType="ImmutableId"'}
    assert second["headers"] == {"Prefer": 'IdType="ImmutableId", outlook.timezone="UTC"'}
    assert third["url"].startswith("/me/messages/a=b?")
    assert {one["method"] for one in call.body["requests"]} == {"GET"}
    assert MOST == 20


def answer(*parts: object) -> object:
    return orjson.loads(orjson.dumps({"responses": parts}))


def test_parts_are_told_in_the_order_of_the_calls() -> None:
    told = read_batch(
        answer(
            {"id": "2", "status": 404, "headers": {"Retry-After": 7}, "body": {"error": {}}},
            {"id": "0", "status": 200, "body": {"id": "x"}},
        ),
        3,
    )
    assert told == [(200, {}, {"id": "x"}), None, (404, {"retry-after": "7"}, {"error": {}})]


@pytest.mark.parametrize(
    "part",
    [
        None, 7, "0", [], {}, {"id": 0, "status": 200}, {"id": "x", "status": 200}, {"id": "-1", "status": 200},
        {"id": "7", "status": 200}, {"id": "9" * 5000, "status": 200}, {"id": "\u0660", "status": 200},
        {"id": "0"}, {"id": "0", "status": "200"}, {"id": "0", "status": True}, {"id": "0", "status": None},
    ],
)  # fmt: skip
def test_a_part_of_an_odd_shape_is_none(part: object) -> None:
    assert read_batch(answer(part), 1) == [None]


@pytest.mark.parametrize("headers", [None, 7, [], "x"])
def test_odd_headers_of_a_part_are_none(headers: object) -> None:
    assert read_batch(answer({"id": "0", "status": 200, "headers": headers}), 1) == [(200, {}, None)]


@pytest.mark.parametrize("document", [None, [], 7, "x", {}, {"responses": None}, {"responses": {}}])
def test_what_is_no_answer_to_a_batch_is_told(document: object) -> None:
    with pytest.raises(Lost):
        read_batch(document, 1)


@pytest.mark.parametrize(
    ("content", "document"),
    [
        (b'{"a": 1}', {"a": 1}), (b'{"a": "\\ud83d"}', {"a": "\ud83d"}), (b"", None), (b"<html>", None),
        (b"[" * 100_000, None), (b'{"a":' * 100_000, None), (b"9" * 10_000, None), (b"\xff\xfe", None),
    ],
)  # fmt: skip
def test_a_document_is_read_even_where_its_text_is_broken(content: bytes, document: object) -> None:
    assert read_document(content) == document
