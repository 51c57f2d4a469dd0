"""`auld config show`: the config as understood, without secrets."""

import json
from collections.abc import Callable

from daemon.config import show
from daemon.config.secrecy import is_secret, masked
from daemon.settings import Settings

Read = Callable[[str], Settings]

POST = '[[accounts]]\nname = "office"\nkind = "post"\nhost = "post.example.org"\n'


def test_defaults_are_shown_and_all_of_it_is_json(read: Read) -> None:
    whole = show(read("[me]\nnews = [{ text = 'I moved.', from = 2026-10-01 }]\n"))
    assert json.loads(json.dumps(whole)) == whole
    assert list(whole) == [
        "me",
        "accounts",
        "rhythm",
        "contact",
        "circles",
        "people",
        "greetings",
        "writing",
        "service",
        "secrets",
        "state",
    ]
    assert whole["rhythm"]["horizon"] == "2 weeks"
    assert whole["rhythm"]["hours"] == "08:00-18:00"
    assert whole["me"]["news"] == [{"text": "I moved.", "from": "2026-10-01", "until": None}]


def test_an_account_is_shown_as_it_stands_in_the_file_with_its_kinds_defaults(read: Read) -> None:
    assert show(read(POST + 'password_command = "pass show post"\n'))["accounts"] == [
        {
            "name": "office",
            "kind": "post",
            "since": None,
            "enabled": True,
            "host": "post.example.org",
            "port": 143,
            "password_command": "pass show post",
            "calendar": "",
            "lock": {"turns": 1},
        }
    ]


def test_the_secret_parts_of_an_address_are_left_out(read: Read) -> None:
    address = "https://robin:hunter2@calendar.example.org/robin/private-0123abcd/basic.ics?key=hunter2#hunter2"
    (account,) = show(read(f'{POST}calendar = "{address}"\n'))["accounts"]
    assert account["calendar"] == "https://***@calendar.example.org/robin/***/basic.ics?***#***"


def test_what_keys_of_a_secrets_name_hold_is_left_out() -> None:
    assert masked({"user": "robin", "lock": [{"api_key": "hunter2"}], "password": "", "token": None}) == {
        "user": "robin",
        "lock": [{"api_key": "***"}],
        "password": "",
        "token": None,
    }


def test_an_address_that_is_none_is_left_out_whole() -> None:
    assert masked("https://[hunter2") == "***"


def test_which_keys_are_secret() -> None:
    secret = ["password", "Password", "app-password", "token", "refresh_token", "api_key", "key", "credentials"]
    plain = ["password_command", "key_command", "token_file", "client_secret", "monkey", "compass", "name", "keys"]
    assert [key for key in secret + plain if is_secret(key)] == secret
