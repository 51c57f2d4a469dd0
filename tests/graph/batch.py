"""Many calls in one request: JSON in and out, with an order or without."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import orjson

from tests.google.answers import JSON, Json, Reply, json
from tests.google.calls import Request
from tests.graph.answers import bad, error

LIMIT: Final = 20
VERBS: Final = {"GET", "POST", "PATCH", "PUT", "DELETE"}
Order = Literal["asked", "reversed", "shuffled"]
Each = Callable[[int, Request, int], Reply]


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its name, what it asks, the parts it waits for."""

    name: str
    request: Request
    after: tuple[str, ...]


def parts(request: Request, *, mixed: bool) -> list[Part]:
    """Return the parts of a batch. What is malformed is refused as a whole."""
    try:
        whole: Any = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise bad("Unable to read JSON request payload.") from None
    if not isinstance(whole, dict) or set(whole) != {"requests"} or not isinstance(whole["requests"], list):
        raise bad("Invalid batch payload format.")
    if not whole["requests"] or len(whole["requests"]) > LIMIT:
        raise bad(f"Number of batch request steps exceeds the maximum value of {LIMIT}, or is none.")
    found = [_part(one, request) for one in whole["requests"]]
    known = [part.name.lower() for part in found]
    if len(set(known)) < len(known):
        raise bad("Request Ids must be unique within a batch, whatever their case.")
    for part in found:
        if part.name in part.after or not {one.lower() for one in part.after} <= set(known):
            raise bad(f"Invalid dependsOn of request '{part.name}'.")
    if not mixed and not _plain(found):
        raise bad("A batch is parallel, serial, or has all its dependencies on the same request.")
    return found


def _part(one: Any, whole: Request) -> Part:
    if not isinstance(one, dict) or not {"id", "method", "url"} <= set(one) <= {
        "id",
        "method",
        "url",
        "headers",
        "body",
        "dependsOn",
    }:
        raise bad("Invalid batch payload format: a request has id, method and url.")
    name, verb, url = one["id"], one["method"], one["url"]
    headers: Json = one.get("headers", {})
    if not isinstance(name, str) or not name or verb not in VERBS or not isinstance(url, str):
        raise bad("Invalid batch payload format: id, method or url is wrong.")
    where = urlsplit(url)
    if where.scheme or where.netloc or not where.path or where.path.startswith("/v1.0"):
        raise bad(f"The url of request '{name}' must be relative to the version.")
    small = {key.lower(): str(value) for key, value in headers.items()}
    if "body" in one and "content-type" not in small:
        raise bad(f"Request '{name}' has a body but no Content-Type.")
    outer = {key: value for key, value in whole.headers.items() if key == "authorization"}
    body = orjson.dumps(one["body"]) if "body" in one else b""
    path = f"/v1.0/{where.path.removeprefix('/')}"
    return Part(name, Request(verb, path, where.query, outer | small, body), tuple(one.get("dependsOn") or ()))


def _plain(several: list[Part]) -> bool:
    """Say whether a batch has one of the three simple patterns."""
    waits = [part.after for part in several]
    chain = all(wait == (several[place - 1].name,) for place, wait in enumerate(waits) if place)
    same = {wait for wait in waits if wait}
    return not any(waits) or (chain and not waits[0]) or (len(same) == 1 and len(next(iter(same))) == 1)


def answer(request: Request, each: Each, order: Order, rng: random.Random, *, queues: int | None, mixed: bool) -> Reply:
    """Answer a batch, every part by `each`, which is told how many parts run beside it at that moment.

    Parts that wait for the same number of steps run side by side; `queues` is how many of them are started at a time
    (None: all).
    """
    waiting, replies, wave = parts(request, mixed=mixed), dict[str, Reply](), list[Part]()
    places = {part.name: place for place, part in enumerate(waiting)}
    left = list(waiting)
    while left:
        wave = [part for part in left if {one.lower() for one in part.after} <= {one.lower() for one in replies}]
        if not wave:
            raise bad("The dependencies of the batch run in a circle.")
        for beside, part in enumerate(wave[:queues]):
            failed = any(
                replies[one].status >= 400 for one in replies if one.lower() in {two.lower() for two in part.after}
            )
            told = error(424, "FailedDependency", "A request that this one depends on failed.")
            replies[part.name] = told if failed else each(places[part.name], part.request, beside)
        left = [part for part in left if part.name not in replies]
    names = list(places)
    if order == "reversed":
        names.reverse()
    elif order == "shuffled":
        rng.shuffle(names)
    return json({"responses": [_told(name, replies[name]) for name in names]})


def _told(name: str, reply: Reply) -> Json:
    headers = {"Cache-Control": "private", **dict(reply.headers)}
    told: Json = {"id": name, "status": reply.status, "headers": headers}
    if reply.body:
        headers["Content-Type"] = "application/json" if reply.kind == JSON else reply.kind
        try:
            told["body"] = orjson.loads(reply.body)
        except orjson.JSONDecodeError:
            told["body"] = reply.body.decode("utf-8", "replace")
    return told
