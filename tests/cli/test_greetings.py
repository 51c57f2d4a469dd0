"""`writing.learn_greetings`: drafts begin as the user's own mails to that person do."""

from email.utils import format_datetime

import pytest

from tests.cli.archive import ANA, ROBIN, Home, after, before, listed

LEARN = "[writing]\nlearn_greetings = true\n"


def greeting(home: Home, days: float = 1) -> str:
    """Return the first line of the draft to Ana."""
    home.run("once", now=after(days=days))
    (draft,) = home.lying()
    return str(draft.message.get_content()).partition("\n")[0].strip()


@pytest.fixture
def friends(home: Home) -> Home:
    home.friend()
    home.configure(listed("Ana Lima"))
    return home


def test_the_word_the_user_last_wrote_begins_the_draft(friends: Home) -> None:
    friends.wrote(ANA, 250, body="Dear Ana,\n\nbefore.\n")
    friends.wrote(ANA, 200, body="Hello Ana,\n\nthe secret of the sea.\n")
    friends.got(ANA, 199, body="Hey Robin,\n\nwell.\n")
    friends.configure(LEARN + listed("Ana Lima"))
    friends.run("sync")
    assert greeting(friends) == "Hello Ana,"
    assert b"secret" not in friends.kept()


def test_unless_asked_for_no_text_is_looked_at(friends: Home) -> None:
    friends.wrote(ANA, 200, body="Hello Ana,\n\nall is well.\n")
    friends.run("sync")
    assert greeting(friends) == "Hi Ana,"
    assert b"Hello" not in friends.kept()


def test_once_it_is_asked_for_what_was_read_before_is_read_for_it_once(friends: Home) -> None:
    friends.wrote(ANA, 200, body="Hello Ana,\n\nall is well.\n")
    friends.run("sync")
    days = friends.person("ana@example.org")["contact_days"]
    friends.configure(LEARN + listed("Ana Lima"))
    assert greeting(friends) == "Hello Ana,"
    assert friends.person("ana@example.org")["contact_days"] == days
    (sent,) = (friends.sent / "cur").glob("*M7P1*")
    text = sent.read_text("utf-8").replace("Hello Ana", "Dear Ana")
    sent.write_text(text.replace(format_datetime(before(200)), format_datetime(before(199))), "utf-8")
    friends.run("sync", now=after(days=2))
    assert b'"Dear"' not in friends.kept(), "it is not read a third time"


def test_what_was_learned_is_not_used_when_that_is_not_wished_any_more(friends: Home) -> None:
    friends.wrote(ANA, 200, body="Hello Ana,\n\nall is well.\n")
    friends.configure(LEARN + listed("Ana Lima"))
    friends.run("sync")
    friends.configure(listed("Ana Lima"))
    assert greeting(friends) == "Hi Ana,"


def test_a_word_of_another_language_or_formality_is_not_used(friends: Home) -> None:
    friends.wrote(ANA, 200, body="Sehr geehrte Frau Lima,\n\nanbei.\n")
    friends.configure(LEARN + listed("Ana Lima", more='language = "de"\nformality = "formal"'))
    friends.run("sync")
    assert greeting(friends) == "Sehr geehrte Frau Lima,"
    friends.run("drafts", "--withdraw", "--all", now=after(days=1))
    friends.configure(LEARN + listed("Ana Lima", more='language = "de"'))
    assert greeting(friends, 2) == "Hallo Ana,"


def test_a_greeting_in_the_config_wins(friends: Home) -> None:
    friends.wrote(ANA, 200, body="Hello Ana,\n\nall is well.\n")
    friends.configure(LEARN + listed("Ana Lima", more='greeting = "Ahoy Ana"'))
    friends.run("sync")
    assert greeting(friends) == "Ahoy Ana,"


def test_whoever_is_forgotten_was_never_greeted(friends: Home) -> None:
    friends.wrote(ANA, 200, body="Dearest Ana,\n\nall is well.\n")
    friends.configure(LEARN)
    friends.run("sync")
    assert b"Dearest" in friends.kept()
    friends.run("forget", "ana@example.org", "--yes")
    assert b"Dearest" not in friends.kept()
    friends.lay(friends.sent, ROBIN, ANA, 1, body="Dearest Ana,\n")
    friends.run("sync")
    assert b"Dearest" not in friends.kept()
