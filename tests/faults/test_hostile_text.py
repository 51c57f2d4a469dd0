"""What strangers write into names and subjects reaches drafts, tables and JSON as text, and as nothing else."""

import base64
import json
from email import message_from_bytes, policy

import pytest

from tests.faults.world import ROBIN, World, harmful, mail


def word(text: str) -> str:
    """Return an encoded word (RFC 2047), half characters and all."""
    return f"=?utf-8?b?{base64.b64encode(text.encode('utf-8', 'surrogatepass')).decode()}?="


NAMES = {
    "crlf": word("Ana\r\nBcc: victim@example.net\r\n\r\nbody"),
    "linefeed": word("Ana\nBcc: victim@example.net"),
    "escape": word("\x1b[31mRed\x1b]0;title\x07 Lima\x9b31m"),
    "clipboard": word("\x1b]52;c;aGk=\x07 Lima"),
    "bidi": word("\u202eamiL anA\u2066 x\u2069"),
    "surrogate": word("Ana \ud800 Lima"),
    "unseen": word("Ana\x7f\x00 Li\u200bma\u2028x\u2029y\u0085z\ufeff\U000e0041"),
    "jinja": '"{{7*7}} {% for x in y %}"',
    "markup": '"[bold red]Lima[/] :smile: <b>Ana</b>"',
    "format": '"%s ${x} {0} $(id) `id`"',
    "path": '"../../etc/passwd"',
    "quote": '"Ana \\"; Bcc: victim@example.net"',
    "comma": '"Lima, victim@example.net, Ana"',
    "bytes": "An\udce4 L\udcffma",
    "long": '"' + "A" * 5000 + ' Lima"',
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world in which everybody has such a name, writes such subjects, and got a draft."""
    world = World(tmp_path_factory.mktemp("written"))
    stanzas = ["[rhythm]\ngoal = 100\nopen = 50"]
    for key, name in NAMES.items():
        email = f"{key}@example.org"
        who = f"{name} <{email}>"
        world.put(*(mail(to=who, days=days, subject=name) for days in (60, 300)))
        world.put(mail(who, ROBIN, days=250, subject=name), folder=world.inbox)
        stanzas.append(f'[[people]]\nemails = ["{email}"]\nevery = "1 month"')
    world.configure("\n".join(stanzas))
    world.run("sync")
    world.run("draft")
    return world


def test_no_name_or_subject_injects_a_header_or_a_recipient(written: World) -> None:
    drafts = [message_from_bytes(draft, policy=policy.default) for draft in written.messages()]
    assert len(drafts) == len(NAMES)

    seen = set()
    for draft in drafts:
        assert draft["Bcc"] is None
        assert draft["Cc"] is None
        assert not set(draft.keys()) - {
            "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
            "Content-Transfer-Encoding", "In-Reply-To", "References",
        }  # fmt: skip
        (to,) = draft["To"].addresses
        seen.add(to.addr_spec)
        body = draft.get_content()
        assert not harmful(str(draft["Subject"]) + to.display_name + body)
        assert "victim@example.net" not in body
    assert seen == {f"{key}@example.org" for key in NAMES}


def test_what_looks_like_a_template_is_text(written: World) -> None:
    assert "{{7*7}} {% for x in y %}" in written.run("people").out
    drafts = [message_from_bytes(draft, policy=policy.default) for draft in written.messages()]
    (jinja,) = (draft for draft in drafts if "jinja@example.org" in str(draft["To"]))
    assert jinja["To"].addresses[0].display_name == "{{7*7}} {% for x in y %}"
    assert "49" not in jinja.get_content()


def test_no_command_lets_anything_harmful_through_to_the_terminal(written: World) -> None:
    commands = [
        ["people", "--all"],
        ["due"],
        ["drafts"],
        ["status"],
        ["check"],
        ["export"],
        ["once"],
        ["note", "--list"],
    ]
    commands += [["why", f"{key}@example.org"] for key in NAMES] + [["draft", "bidi@example.org", "--dry-run"]]
    for command in commands:
        written.run(*command, code=(0, 1))  # `run` looks for control characters


def test_json_is_valid_whatever_stands_in_names(written: World) -> None:
    assert len(written.run("people", "--all", "--json").json) == len(NAMES)
    assert len(written.run("drafts", "--json").json) == len(NAMES)
    assert written.run("why", "surrogate@example.org", "--json").json["person"]["emails"] == ["surrogate@example.org"]
    assert written.run("export", "--format", "json").json


def test_markup_in_a_name_is_shown_as_text(written: World) -> None:
    assert "[bold red]Lima[/] :smile: <b>Ana</b>" in written.run("people", "markup").out


def test_one_long_name_does_not_push_the_other_columns_out_of_the_table(written: World) -> None:
    lines = written.run("people").out.splitlines()
    assert "2026" in next(line for line in lines if "AAAA" in line)
    for heading in ("person", "last contact", "how", "rhythm", "due", "state"):
        assert heading in lines[0]
    assert max(map(len, lines)) <= 120


def test_a_note_or_a_meeting_told_by_hand_with_escapes_is_kept_harmless(friends: World) -> None:
    friends.run("note", "ana", "Her\x1b[2J book \u202eis out {{7*7}} [bold]")
    friends.run("met", "bo", "2026-11-01", "tea\x1b]0;x\x07 \u202e{{1}}")
    friends.run("note", "--list")
    assert friends.run("note", "--list", "--json").json[0]["text"].endswith("{{7*7}} [bold]")
    friends.run("why", "bo")
    assert not harmful(json.dumps(friends.run("why", "bo", "--json").json, ensure_ascii=False).replace("\\n", ""))


def test_json_escapes_what_a_terminal_would_obey(world: World) -> None:
    """The config is the user's, but is pasted from anywhere; JSON says it all the same, escaped."""
    world.befriend("Ana Lima")
    with world.config.open("a") as file:
        file.write('[[people]]\nname = "Zo\\u00eb \\u202e\\u009b Ek"\nemails = ["zoe@example.org"]\n')
    shown = world.run("people", "--json")
    assert any(one["name"].startswith("Zoë") for one in shown.json)


def test_a_person_or_command_with_escapes_is_answered_harmlessly(friends: World) -> None:
    for who in ("\x1b[31mana", "\u202e", "a\nb", "%s", "{{7*7}}", "[bold]", ""):
        friends.run("why", who, code=2)
        friends.run("draft", who, code=2)  # an empty PERSON is nobody, not everybody
    assert not friends.messages()
    friends.run("sync", "\x1b[2Jarchive", code=2)
    friends.run("draft", "ana", "--occasion", "\x1b[2J", code=2)
    friends.run("snooze", "ana", "\x1b[2J", code=2)
    friends.run("export", "--format", "\x1b[2J", code=2)
