"""A server on this machine that speaks as OpenAI-compatible ones do, and whose model does whatever a test says.

`obeying` is the model that nobody wants: it does all that it is told by anything it reads, or even unasked.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from daemon.settings import Model

Say = Callable[[dict[str, Any]], str]
"""What a model says to a request."""


@dataclass
class Reply:
    """What the server sends back."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False  # a byte now and then
    silent: bool = False  # nothing at all


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read

    @property
    def given(self) -> str:
        """What the model was given to work on."""
        text: str = self.document["messages"][1]["content"]
        return text


class Server:
    """Answers with `reply`; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.reply: Callable[[dict[str, Any]], Reply] = lambda _: Reply(b"{}")
        self.over = Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.asked.append(Asked(self.path, dict(self.headers), body))
                self.close_connection = True
                reply = server.reply(json.loads(body))
                if reply.silent:
                    server.over.wait(5)
                    return
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                pieces = (bytes([one]) for one in reply.body) if reply.drips else iter((reply.body,))
                for piece in pieces:
                    try:
                        self.wfile.write(piece)
                    except OSError:
                        return
                    if reply.drips and server.over.wait(0.02):
                        return

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        self.model = Model(url=self.url, model="small")

    def says(self, say: Say) -> None:
        """Let the model say something; what it was asked before is forgotten."""
        self.asked.clear()
        self.reply = lambda document: Reply(completion(say(document)))

    def sends(self, reply: Reply) -> None:
        self.asked.clear()
        self.reply = lambda _: reply

    @contextmanager
    def running(self) -> Iterator["Server"]:
        thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self._http.shutdown()
            thread.join(5)
            self._http.server_close()


def completion(content: object, **more: object) -> bytes:
    """Return the body of an answer (https://platform.openai.com/docs/api-reference/chat/object)."""
    message = {"role": "assistant", "content": content, **more}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({"id": "x", "object": "chat.completion", "model": "small", "choices": [choice]}).encode()


def told(paragraphs: Sequence[str]) -> str:
    """Return what a model says that does as it is asked."""
    return json.dumps({"paragraphs": list(paragraphs)}, ensure_ascii=False)


@dataclass(frozen=True)
class Injection:
    """An order that a mail could bring. `obey` makes the answer of it; `mark` is in the answer, and in no good one."""

    order: str
    obey: Callable[[tuple[str, ...]], str]
    mark: str


def saying(order: str, sentence: str, mark: str = "") -> Injection:
    """Return an order to say one more sentence."""
    return Injection(order, lambda good: told((*good[:-1], f"{sentence} {good[-1]}")), mark or sentence)


def answering(order: str, answer: Callable[[tuple[str, ...]], str], mark: str) -> Injection:
    """Return an order to answer in another way altogether."""
    return Injection(order, answer, mark)


def obeying(injections: Sequence[Injection], good: tuple[str, ...], *, always: bool = False) -> Say:
    """Return a model that does what it is told by anything in what it is given, or `always`, without being told."""

    def say(document: dict[str, Any]) -> str:
        read = "\n".join(message["content"] for message in document["messages"])
        heard = [one for one in injections if always or one.order in read or json.dumps(one.order)[1:-1] in read]
        return heard[0].obey(good) if heard else told(good)

    return say
