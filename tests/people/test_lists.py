"""Rule "A mailing list's address … writes as "Name via List"."""

import pytest

from daemon.people import via_list


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Bob Smith via Chess", "Bob Smith"),
        ("'Bob Smith' via Google Groups", "Bob Smith"),
        ('"Bob Smith" via Chess Club', "Bob Smith"),
        ("\u2018Bob Smith\u2019 via Chess", "Bob Smith"),
        ("Jane Doe (via Google Docs)", "Jane Doe"),
        ("Jane Doe [via Chess]", "Jane Doe"),
        ("bob@example.com via Chess", "bob@example.com"),
        ("Bob\u202e Smith \t via\nChess", "Bob Smith"),
        ("'Bob Smith via Chess' via Clubs", "Bob Smith"),
    ],
)
def test_a_name_via_a_list_tells_its_author(name: str, author: str) -> None:
    assert via_list(name) == author


@pytest.mark.parametrize(
    "name",
    [
        "Bob Smith",
        "Via Rail Canada",
        "via Chess",
        "Maria Via",
        "Maria Via Rossi",
        "Bob via",
        "Silvia Rossi",
        "'' via X",
    ],
)
def test_another_name_is_no_list(name: str) -> None:
    assert via_list(name) is None
