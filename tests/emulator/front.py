"""What stands before the Microsoft emulator: TLS, which msal insists on; and, where a test says so, what it lacks.

`Front` passes everything on as it is, save for its addresses: the emulator takes itself to be at ``http://``, and its
lists go on at links without a host; both are told as they are at the front, and whole. `Filled` also answers for what
the emulator does not do. All of that is ours, and is named there; what can be tried without is tried with `Front`
(test_outlook_bare.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Self
from urllib.parse import parse_qs, quote

import orjson
import requests

from tests.emulator.program import PATIENCE, session
from tests.google.answers import Reply, json
from tests.google.calls import Request
from tests.graph.tls import TlsWire

ROOT: Final = "/v1.0"
MESSAGES: Final = f"{ROOT}/me/messages"
DRAFTS: Final = f"{ROOT}/me/mailFolders/drafts/messages"
SENT: Final = f"{ROOT}/me/mailFolders/sentitems/messages"
_PASSED_ON: Final = ("authorization", "content-type", "accept", "prefer", "if-match")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and how it was answered."""

    verb: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    status: int


class Front:
    """TLS before the emulator, which is to be at `behind` before anything is asked. `log` is what was asked."""

    def __init__(self) -> None:
        self.behind = ""
        self.log: list[Asked] = []
        self._wire = TlsWire(self._note)
        self.port = self._wire.port
        self.url = f"https://localhost:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    def answer(self, request: Request) -> Reply:
        """Answer a request."""
        return self.ask(request)

    def ask(self, request: Request) -> Reply:
        """Return what the emulator answers."""
        address = self.behind + request.path + (f"?{request.query}" if request.query else "")
        headers = {name: value for name, value in request.headers.items() if name in _PASSED_ON}
        with session() as http:
            told: requests.Response = http.request(
                request.verb, address, data=request.body, headers=headers, allow_redirects=False, timeout=PATIENCE
            )
        own = f"http://localhost:{self.port}".encode(), self.url.encode()
        onward = f'"@odata.nextLink":"{ROOT}/'.encode(), f'"@odata.nextLink":"{self.url}{ROOT}/'.encode()
        more = (("Location", told.headers["Location"]),) if "Location" in told.headers else ()
        kind = told.headers.get("Content-Type", "text/plain")
        return Reply(told.status_code, told.content.replace(*own).replace(*onward), kind, more)

    def _note(self, request: Request) -> Reply:
        reply = self.answer(request)
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        self.log.append(Asked(request.verb, request.path, query, request.headers, request.body, reply.status))
        return reply


class Filled(Front):
    """Answers for what the emulator lacks, beside TLS. Ours, and so no proof of anything, are:

    - delta of Sent, which is its plain list there; a later one tells what is not as it was in that list;
    - the parts of a batch, each asked of the emulator for itself;
    - `changeKey` and the etag, made of when a message was last modified; and that If-Match is held to them;
    - the extended property, the Message-ID that is wished for, and looking for either;
    - that a draft stays one in Deleted Items, where the emulator takes everything for sent.

    All else, what a message says and where it lies first of all, is the emulator's word.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[dict[str, str]] = []  # of each deltaLink: ids and etags
        self._given: dict[str, dict[str, Any]] = {}  # of a message: what it was given and the emulator did not keep

    def answer(self, request: Request) -> Reply:
        if request.path == f"{ROOT}/$batch":
            return json({"responses": list(self._batch(request))})
        if request.path == f"{SENT}/delta":
            return self._delta(request)
        wanted = parse_qs(request.query).get("$filter", [""])[0]
        if request.verb == "GET" and wanted.startswith(("internetMessageId", "singleValueExtendedProperties")):
            found = [one for one in self._listed(request.path, request) if _fits(one, wanted)]
            return json({"value": found})
        if not request.path.startswith((f"{ROOT}/me/messages", f"{ROOT}/me/mailFolders/")):
            return self.ask(request)
        if request.verb in {"DELETE", "PATCH"} and "if-match" in request.headers:
            told = orjson.loads(self._message(Request("GET", request.path, "", request.headers, b"")).body)
            if told.get("@odata.etag") != request.headers["if-match"]:
                return json({"error": {"code": "ErrorIrresolvableConflict", "message": "It was changed."}}, 412)
        return self._message(request)

    def _message(self, request: Request) -> Reply:
        """Return what the emulator answers about messages, filled."""
        reply = self.ask(request)
        if reply.status >= 300 or not reply.body:
            return reply
        document = orjson.loads(reply.body)
        if request.body and "id" in document:
            kept = ("internetMessageId", "singleValueExtendedProperties")
            wished = orjson.loads(request.body)
            given = self._given.setdefault(document["id"], {})
            given |= {name: wished[name] for name in kept if name in wished}
        if "value" in document:
            document["value"] = [self._fill(one) for one in document["value"]]
        elif "isDraft" in document:
            document = self._fill(document)
        return Reply(reply.status, orjson.dumps(document))

    def _fill(self, message: dict[str, Any]) -> dict[str, Any]:
        filled = message | self._given.get(message["id"], {})
        filled["changeKey"] = sha256(message["lastModifiedDateTime"].encode()).hexdigest()[:16]
        filled["@odata.etag"] = f'W/"{filled["changeKey"]}"'
        if message["parentFolderId"] == "deleteditems" and "sentDateTime" not in message:
            filled["isDraft"] = True
        return filled

    def _listed(self, path: str, request: Request) -> list[dict[str, Any]]:
        reply = self._message(Request("GET", path, "$top=1000", request.headers, b""))
        return list(orjson.loads(reply.body)["value"])

    def _batch(self, request: Request) -> Iterator[dict[str, Any]]:
        for part in orjson.loads(request.body)["requests"]:
            path, _, query = part["url"].partition("?")
            told = self.answer(Request(part["method"], ROOT + path, query, request.headers, b""))
            yield {"id": part["id"], "status": told.status, "headers": {}, "body": orjson.loads(told.body)}

    def _delta(self, request: Request) -> Reply:
        before: dict[str, str] = {}
        for number in parse_qs(request.query).get("$deltatoken", []):
            before = self._seen[int(number)]
        rows = self._listed(SENT, request)
        now = {one["id"]: one["@odata.etag"] for one in rows}
        self._seen.append(now)
        changed = [one for one in rows if before.get(one["id"]) != now[one["id"]]]
        removed = [{"id": one, "@removed": {"reason": "deleted"}} for one in before if one not in now]
        onward = f"{self.url}{SENT}/delta?{quote('$')}deltatoken={len(self._seen) - 1}"
        return json({"value": [*changed, *removed], "@odata.deltaLink": onward})


def _fits(message: dict[str, Any], wanted: str) -> bool:
    """Say whether a message is one that a filter of auld's by Message-ID or key wants."""
    if wanted.startswith("internetMessageId"):
        return wanted == f"internetMessageId eq '{message['internetMessageId']}'"
    return any(
        wanted == f"singleValueExtendedProperties/Any(ep: ep/id eq '{one['id']}' and ep/value eq '{one['value']}')"
        for one in message.get("singleValueExtendedProperties", ())
    )
