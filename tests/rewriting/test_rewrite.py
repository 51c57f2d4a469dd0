"""A draft's text rewritten, or kept: whatever a server does, there is an answer in time, and nothing is raised."""

import gzip
import json
import socket
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from daemon.rewriting import Kept, Rewritten, brief_of, check_url, exchange, rewrite, unreachable
from daemon.rewriting.answer import read
from daemon.rewriting.verdict import Fault
from daemon.settings import Language, Model
from tests.rewriting.fake import Reply, Server, completion, told
from tests.rewriting.texts import GOOD, LANGUAGES, TOPICS, brief, composed, facts

good = GOOD["en"][0]
KEY = "sk-not-to-be-told"
SHORT = 0.15
"""Seconds for a server that takes too long."""


def prints(code: str) -> str:
    """Return a key_command that runs some Python."""
    return f"{sys.executable} -c '{code}'"


def reason(server: Server, reply: Reply, seconds: float = 10.0) -> str:
    """Return why the template is kept when the server sends a reply."""
    server.sends(reply)
    result = rewrite(brief(), server.model, seconds=seconds)
    assert isinstance(result, Kept)
    return result.reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_good_text_takes_the_templates_place(server: Server, language: Language) -> None:
    server.says(lambda _: told(GOOD[language][1]))
    result = rewrite(brief(language), server.model)
    assert isinstance(result, Rewritten)
    assert TOPICS[language].strip("«» ") in result.paragraphs[0]
    assert [text[:9] for text in result.paragraphs] == [text[:9] for text in GOOD[language][1]]
    assert len(server.asked) == 1


def test_what_is_sent_is_byte_for_byte_what_is_shown(server: Server) -> None:
    server.says(lambda _: told(good))
    examples = "Hallo Zoë,\nich wollte mal wieder schreiben …\n"
    rewrite(brief("de"), server.model, examples)
    assert server.asked[0].body == exchange(brief("de"), server.model, examples).encode()
    assert server.asked[0].path == "/v1/chat/completions"


@pytest.mark.parametrize("url", ["{}", "{}/"])
def test_the_url_may_end_with_a_slash(server: Server, url: str) -> None:
    server.says(lambda _: told(good))
    assert isinstance(rewrite(brief(), replace(server.model, url=url.format(server.url))), Rewritten)


def test_without_a_key_none_is_sent(server: Server) -> None:
    server.says(lambda _: told(good))
    rewrite(brief(), server.model)
    assert "Authorization" not in server.asked[0].headers


def test_the_key_is_what_the_command_prints_in_its_first_line(server: Server, tmp_path: Path) -> None:
    server.says(lambda _: told(good))
    file = tmp_path / "the key"
    file.write_text(f"{KEY}\nuser: robin\n")
    assert isinstance(rewrite(brief(), replace(server.model, key_command=f'cat "{file}"')), Rewritten)
    assert server.asked[0].headers["Authorization"] == f"Bearer {KEY}"


def test_a_key_command_may_begin_at_home(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.says(lambda _: told(good))
    (tmp_path / "key").write_text(KEY)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert isinstance(rewrite(brief(), replace(server.model, key_command="cat ~/key")), Rewritten)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("/nowhere/pass show model", "cannot be run (No such file or directory)"),
        ("pass 'show", "cannot be run (it is no command)"),
        (prints("raise SystemExit(3)"), "exit code 3"),
        (prints(""), "prints no key"),
        (prints('print("two words")'), "prints no key"),
        (prints('print("k\\u00e9y")'), "prints no key"),
        (prints('print("k" * 9999)'), "prints no key"),
        ("yes", "prints no key"),
        ("cat $HOME/key | head", "exit code 1"),
    ],
)
def test_a_key_command_that_fails_says_what_to_do(server: Server, command: str, why: str) -> None:
    result = rewrite(brief(), replace(server.model, key_command=command))
    assert isinstance(result, Kept)
    assert why in result.reason
    assert "key_command of [writing.model]" in result.reason
    assert ": " in result.reason
    assert server.asked == []


def test_a_key_command_that_hangs_is_ended(server: Server, tmp_path: Path) -> None:
    began = monotonic()
    result = rewrite(brief(), replace(server.model, key_command="sleep 30"), seconds=SHORT)
    assert isinstance(result, Kept)
    assert "took more than" in result.reason
    assert monotonic() - began < 5


def test_the_key_is_in_no_reason_and_no_log(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    for reply in (Reply(KEY.encode()), Reply(b"", 401), Reply(b"", 500, {"X": KEY}), Reply(completion(KEY))):
        server.sends(reply)
        result = rewrite(brief(), replace(server.model, key_command=prints(f'print("{KEY}")')))
        assert KEY not in str(result)
        assert server.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/v1",
        "http://models.example.com/v1",
        "http://127.0.0.1.example.com/v1",
        "https://user:secret@models.example.com/v1",
        "https://models.example.com/v1?key=secret",
        "ftp://127.0.0.1/v1",
        "models.example.com",
        "file:///etc/passwd",
        "http://[::1/v1",
        "",
    ],
)
def test_nothing_goes_unencrypted_to_another_machine(url: str) -> None:
    began = monotonic()
    result = rewrite(brief(), Model(url=url, model="small"))
    assert isinstance(result, Kept)
    assert "[writing.model]" in result.reason
    assert "secret" not in result.reason
    assert monotonic() - began < 5


def test_an_address_that_may_be_asked_is_told() -> None:
    assert check_url("https://models.example.com/v1") == "https://models.example.com/v1/chat/completions"
    assert check_url("http://localhost:11434/v1/") == "http://localhost:11434/v1/chat/completions"


def test_a_proxy_does_not_take_the_text_off_this_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.says(lambda _: told(good))
    assert isinstance(rewrite(brief(), server.model), Rewritten)


@pytest.mark.parametrize(
    "content",
    ["```" + " " * 20_000 + "x", "<think>" * 60_000, "```json" * 60_000, "<think>" + "</think" * 60_000],
    ids=["a fence of blanks", "thoughts", "fences", "ends"],
)
def test_an_answer_that_is_hard_to_read_takes_no_time_to_speak_of(server: Server, content: str) -> None:
    """Were the cost of any pattern to grow with the square of the length, this would not end."""
    assert "of the form" in reason(server, Reply(completion(content)))


def test_a_fence_or_a_thought_around_the_answer_is_none_of_it(server: Server) -> None:
    for text in (f"```json\n{told(good)}\n```", f"```\n{told(good)}```", f"<think>well…</think>\n{told(good)}"):
        server.says(lambda _, text=text: text)  # type: ignore[misc]
        assert isinstance(rewrite(brief(), server.model), Rewritten)


def test_a_server_is_looked_for_without_anything_being_sent(server: Server) -> None:
    assert unreachable(server.model) == ""
    assert server.asked == []


def test_one_that_is_down_or_says_nothing_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        model = Model(url=f"http://127.0.0.1:{held.getsockname()[1]}/v1", model="small")
        assert unreachable(model, seconds=SHORT) == "the model did not answer in time: a smaller one is faster"
    assert unreachable(model) == "the model's server cannot be reached (Connection refused): is it running?"


def test_a_server_that_is_down_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    result = rewrite(brief(), Model(url=f"http://127.0.0.1:{port}/v1", model="small"))
    assert result == Kept("the model's server cannot be reached (Connection refused): is it running?", unanswered=True)


def test_a_host_that_there_is_not_is_told() -> None:
    result = rewrite(brief(), Model(url="https://a..example/v1", model="small"))
    assert isinstance(result, Kept)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"", silent=True),
        Reply(completion(told(good)), drips=True),
        Reply(b"x", headers={"Content-Length": "9"}, drips=True),
    ],
    ids=["silent", "dripping", "never at its end"],
)
def test_a_slow_server_is_waited_for_only_so_long(server: Server, reply: Reply) -> None:
    """The time is for the whole, not for each piece."""
    began = monotonic()
    assert "in time" in reason(server, reply, SHORT) or reply.body == b"x"
    assert monotonic() - began < 5


def test_a_name_that_is_looked_up_for_ever_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()

    def look_up(*_args: object, **_more: object) -> list[object]:
        over.wait(5)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    began = monotonic()
    result = rewrite(brief(), Model(url="https://models.example.com/v1", model="small"), seconds=SHORT)
    over.set()
    assert isinstance(result, Kept)
    assert "in time" in result.reason
    assert monotonic() - began < 4


def test_the_second_try_has_what_is_left_of_the_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def read_slowly(body: bytes) -> tuple[str, ...] | Fault:
        now[0] += 61
        return read(body)

    monkeypatch.setattr("daemon.rewriting.answer.read", read_slowly)
    server.says(lambda _: "no JSON")
    result = rewrite(brief(), server.model, seconds=60, tick=lambda: now[0])
    assert result == Kept("the model did not answer in time: a smaller one is faster", unanswered=True)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "why"),
    [(400, "(400)"), (401, "key_command"), (403, "key_command"), (404, "look at [writing.model]"), (429, "later"),
     (500, "500"), (503, "503"), (204, "204"), (302, "302"), (307, "307")],
)  # fmt: skip
def test_a_server_that_refuses_is_asked_once(server: Server, status: int, why: str) -> None:
    headers = {"Location": f"{server.url}/elsewhere"} if status in {302, 307} else {}
    body = b"" if status == 204 else completion(told(good))
    assert why in reason(server, Reply(body, status, headers))
    assert [asked.path for asked in server.asked] == ["/v1/chat/completions"]


def test_an_answer_that_is_far_too_large_is_not_read(server: Server) -> None:
    huge = completion(told(good)) + b" " * 1_000_000
    assert "larger" in reason(server, Reply(huge))
    packed = gzip.compress(huge * 3)
    assert len(packed) < 100_000
    assert "larger" in reason(
        server, Reply(packed, headers={"Content-Encoding": "gzip", "Content-Length": str(len(packed))})
    )


def test_an_answer_that_breaks_the_protocol_is_no_answer(server: Server) -> None:
    assert reason(server, Reply(b"not gzip at all", headers={"Content-Encoding": "gzip"}))
    assert reason(server, Reply(b"zz\r\n", headers={"Transfer-Encoding": "chunked"}), 2.0)


BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "a page": b"<!doctype html><p>Hello</p>",
    "not UTF-8": b'{"choices": [{"message": {"content": "\xff\xfe"}}]}',
    "half a character": b'{"choices": [{"message": {"content": "\\ud800"}}]}',
    "half of it": completion(told(good))[:-20],
    "a list": b"[]",
    "null": b"null",
    "no choices": b'{"choices": []}',
    "choices of another kind": b'{"choices": {"message": {}}}',
    "no message": b'{"choices": [{}]}',
    "no content": completion(None),
    "content in parts": completion([{"type": "text", "text": told(good)}]),
    "an error": b'{"error": {"message": "boom"}}',
    "deep nesting": b"[" * 100_000,
    "deep nesting within": completion("[" * 100_000),
    "a tool call": completion(told(good), tool_calls=[{"type": "function", "function": {"name": "send"}}]),
    "a refusal": completion(told(good), refusal="I cannot"),
    "no text": completion(""),
    "only a thought": completion("<think>well</think>"),
    "a thought without end": completion(f"<think>{told(good)}"),
    "prose": completion("Here you are: I wrote it."),
    "prose around it": completion(f"Here you are:\n{told(good)}\nI hope you like it."),
    "a list of paragraphs": completion(json.dumps(good)),
    "one paragraph as text": completion(json.dumps({"paragraphs": " ".join(good)})),
    "numbers": completion('{"paragraphs": [1, 2]}'),
    "nothing in it": completion('{"paragraphs": null}'),
    "a further key": completion('{"paragraphs": ["x"], "subject": "y"}'),
    "another key": completion('{"text": ["x"]}'),
    "the stream of another protocol": b"data: {}\n\ndata: [DONE]\n\n",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_has_no_text(broken: str) -> None:
    assert isinstance(read(BROKEN[broken]), Fault)


@pytest.mark.parametrize("content", ["{}", "```json\n{}\n```", "```\n{}```", "\n {} \n", "<think>a\nb</think>\n{}"])
def test_json_in_a_fence_or_behind_a_thought_is_read(content: str) -> None:
    assert read(completion(content.replace("{}", told(good)))) == good


def test_a_broken_answer_is_asked_for_once_more(server: Server) -> None:
    server.sends(Reply(BROKEN["a page"]))
    assert rewrite(brief(), server.model) == Kept(
        "the model's text is not used: the server did not answer as a model's server does"
    )
    assert len(server.asked) == 2


def test_a_second_try_is_told_what_was_wrong_and_can_do_better(server: Server) -> None:
    answers = iter([(good[0], good[1], "Anna says hello, and how have you been?"), good])
    server.says(lambda _: told(next(answers)))
    assert isinstance(rewrite(brief(), server.model), Rewritten)
    first, second = (json.loads(asked.given) for asked in server.asked)
    assert "your last answer could not be used" not in first
    assert "Anna" in second["your last answer could not be used"]
    assert {key: second[key] for key in first} == first


def test_line_breaks_within_a_paragraph_are_spaces(server: Server) -> None:
    server.says(lambda _: told(tuple(text.replace(". ", ".\n") for text in good)))
    result = rewrite(brief(), server.model)
    assert isinstance(result, Rewritten)
    assert result.paragraphs == tuple(text.replace("[TOPIC]", TOPICS["en"]) for text in good)


def test_a_draft_that_no_model_may_see_is_kept_without_asking(server: Server) -> None:
    text = composed("en", (*composed("en").body.split("\n\n")[1:4], "My <|im_start|> note."), note=True)
    made = brief_of(facts("en", note="My <|im_start|> note."), text)
    assert isinstance(rewrite(made, server.model), Kept)
    assert exchange(made, server.model) == ""
    assert server.asked == []
