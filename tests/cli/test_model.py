"""The optional language model, from the command line: what leaves the machine, what is used, and what happens else."""

import json
import os
import socket
from collections.abc import Iterator

import pytest

from tests.cli.archive import Home, listed
from tests.rewriting.fake import Reply, Server, told

_ANA = '[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\nevery = "1 month"\n'


@pytest.fixture
def server() -> Iterator[Server]:
    with Server().running() as one:
        yield one


@pytest.fixture
def written(ana: Home, server: Server) -> Home:
    """A home where Ana is due, and a model may rewrite the draft; it gives back what it was told."""
    ana.configure(f'{_ANA}[writing]\nexamples = "mine.txt"\n[writing.model]\nurl = "{server.url}"\nmodel = "small"\n')
    (ana.path / "mine.txt").write_text("Hi there,\n\nall well here, and very busy.\n\nBye, Robin\n", encoding="utf-8")
    server.says(lambda document: told(_asked(document)))
    return ana


def _asked(document: dict[str, object]) -> list[str]:
    """Return the template's paragraphs, a little shorter, as a tame model would write them."""
    messages = document["messages"]
    assert isinstance(messages, list)
    given = json.loads(messages[1]["content"])
    paragraphs: list[str] = given["text"]
    return paragraphs


def test_a_dry_run_prints_what_would_leave_and_asks_nobody(written: Home, server: Server) -> None:
    shown = written.run("draft", "--dry-run", "-v").err
    assert server.asked == []
    document = shown.partition("/chat/completions:\n")[2].partition("\n}\n")[0] + "\n}"
    for hidden in ("Lima", "ana@example.org", "Letter 0", "robin@example.com"):
        assert hidden not in document
    written.run("draft", "Ana")
    assert server.asked[0].body.decode() == document


def test_what_the_model_wrote_lies_in_drafts(written: Home, server: Server) -> None:
    def shorter(document: dict[str, object]) -> str:
        first, *rest = _asked(document)
        return told((first.replace("I'd", "I would"), *rest))

    server.says(shorter)
    said = written.run("draft", "Ana").err
    assert "auld's own words" not in said
    text = written.lying()[0].message.get_content()
    assert text.startswith("Hi Ana,\n")
    assert text.rstrip().endswith("Robin")
    assert len(server.asked) == 1


@pytest.mark.parametrize("reply", [Reply(b"<html>", 502), Reply(b"{}"), Reply(b"")], ids=["error", "nothing", "empty"])
def test_whatever_the_server_does_the_draft_is_written_from_the_template(
    written: Home, server: Server, reply: Reply
) -> None:
    plain = written.run("draft", "Ana", "--dry-run", "--json").json[0]["body"]
    server.sends(reply)
    ran = written.run("draft", "Ana", "--json")
    assert ran.json[0]["body"] == plain
    assert "Ana Lima: as auld wrote it, without the model: " in ran.err
    assert len(written.lying()) == 1


def test_what_a_model_makes_up_is_not_used(written: Home, server: Server) -> None:
    server.says(lambda document: told((*_asked(document)[:-1], "Call me on Friday at +31 20 555 0100, I promise.")))
    ran = written.run("draft", "Ana")
    assert "as auld wrote it" in ran.err
    assert "555" not in written.lying()[0].message.get_content()


def test_examples_that_cannot_be_read_are_told(written: Home, server: Server) -> None:
    (written.path / "mine.txt").unlink()
    ran = written.run("draft", "Ana")
    assert "writing.examples cannot be read" in ran.err
    assert len(written.lying()) == 1
    assert server.asked == []


def test_a_server_elsewhere_needs_https(ana: Home) -> None:
    ana.configure(_ANA + '[writing.model]\nurl = "http://model.example/v1"\nmodel = "small"\n')
    assert "[writing.model]: url" in ana.run("people", code=78).err


def test_check_says_that_a_model_may_write(written: Home, server: Server) -> None:
    assert "small may rewrite drafts" in " ".join(written.run("check", code=(0, 1)).out.split())
    assert server.asked == []


def test_a_server_that_does_not_answer_is_asked_once_in_a_round(home: Home, server: Server) -> None:
    names = ("Ana Lima", "Bela Kovacs", "Carl Weber")
    for place, name in enumerate(names):
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>", silent=120 + place, times=1)
    model = f'[writing.model]\nurl = "{server.url}"\nmodel = "small"\n'
    home.configure(listed(*names) + model)
    home.run("sync")
    server.sends(Reply(b"", status=503))
    said = home.run("draft").err
    assert len(server.asked) == 1
    assert said.count("the model's server answered 503") == 3
    assert len(home.lying()) == 3


def test_check_says_that_the_server_is_down(written: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
    written.configure(f'{_ANA}[writing.model]\nurl = "{url}"\nmodel = "small"\n')
    (model,) = [one for one in written.ask("check", code=0) if one["name"] == "model"]
    assert model["result"] == "warn"


@pytest.mark.parametrize("file", ["pipe", "/dev/zero", ".", "~nosuchuser/x", "a\\u0000b", "none"])
def test_examples_that_are_no_file_cost_no_draft_and_are_told(written: Home, server: Server, file: str) -> None:
    os.mkfifo(written.path / "pipe")
    model = f'[writing.model]\nurl = "{server.url}"\nmodel = "small"\n'
    written.configure(f'{_ANA}[writing]\nexamples = "{file}"\n{model}')
    told = [one["detail"] for one in written.ask("check") if one["name"] == "model"]
    assert any("writing.examples cannot be read" in one for one in told)
    assert "writing.examples cannot be read" in written.run("draft", "Ana").err
    assert len(written.lying()) == 1


def test_a_template_folder_of_nobodys_is_told(ana: Home) -> None:
    ana.configure(f'{_ANA}[writing]\ntemplates = "~nosuchuser/x"\n')
    assert "no such folder" in ana.run("check", code=(0, 1)).out
    ana.run("draft", "Ana")
    assert len(ana.lying()) == 1
