"""Mail that programs write in somebody's name, told by fields that nobody else writes."""

import pytest

from connectors.gmail.api import PROGRAMS
from connectors.mime.fields import make_header
from connectors.mime.programs import BEGINNINGS, is_of_program
from connectors.mime.reading import read_message
from connectors.types import Mark


def marks(*lines: str, body: str = "Hello") -> int:
    row = read_message("\n".join(("From: Anna Adler <anna@example.org>", *lines, "", body, "")).encode())
    assert row is not None
    return row[7]


@pytest.mark.parametrize(
    "line",
    [
        "X-GitHub-Reason: mention", "X-GitLab-Project: tea", "X-Gitea-Reason: mention", "X-Gerrit-MessageType: comment",
        "X-Phabricator-Sent-This-Message: Yes", "X-ReviewRequest-URL: https://example.org/r/1/",
        "X-JIRA-FingerPrint: ba86a44d", "X-Atlassian-Mail-Transaction-Id: 54e47ead", "X-Bugzilla-Reason: CC",
        "X-Launchpad-Message-Rationale: Subscriber", "X-Redmine-Host: example.org", "X-OpenProject-Host: example.org",
        "X-Trac-Project: tea", "X-Roundup-Name: tea", "X-RT-Loop-Prevention: example.org",
        "X-Zendesk-From-Account-Id: cc6f582", "X-Discourse-Post-Id: 3344", "X-LinkedIn-Class: MBR-TO-MBR",
        "X-Facebook-Notify: wall; mailid=1", "x-github-sender : anna", "X-BUGZILLA-WHO: anna@example.org",
        "X-MS-Exchange-Message: 1\nX-Roundup-Loop:",
    ],
)  # fmt: skip
def test_a_field_that_only_a_program_writes_marks_the_mail(line: str) -> None:
    assert marks(line) == Mark.MACHINE


@pytest.mark.parametrize(
    "line",
    [
        "X-Auto-Response-Suppress: All", "X-Mailer: Zendesk Mailer", "User-Agent: Gitea", "Feedback-ID: 1:example",
        "X-Debian-PR-Message: report 1", "X-Patchwork-Id: 1", "X-Mailing-List: tea@lists.example.org", "X-Loop: tea",
        "X-Originating-IP: [192.0.2.1]", "X-Spam-Status: No", "X-Google-DKIM-Signature: v=1", "X-Gm-Message-State: A",
        "X-MS-Exchange-CrossTenant-Id: 1", "X-Github: x", "XX-GitHub-Reason: x", "Subject: X-GitHub-Reason: x",
        "X-Other: a\n X-GitHub-Reason: b", "X-GitHub-Reason",
    ],
)  # fmt: skip
def test_a_field_that_may_stand_in_a_humans_mail_does_not(line: str) -> None:
    assert marks(line) == 0


def test_a_humans_mail_about_such_a_field_is_a_humans() -> None:
    assert marks(body="X-GitHub-Reason: mention\n\nX-JIRA-FingerPrint: 1") == 0


def test_what_a_provider_tells_field_by_field_is_read_alike() -> None:
    assert make_header([("Subject", "Tea"), (" X-JIRA-Fingerprint ", "1")]).by_program
    assert not make_header([("Subject", "X-JIRA-FingerPrint"), ("X-Mailer", "1")]).by_program


def test_the_kept_list_says_nothing_twice() -> None:
    assert all(one == one.lower().strip() and one.startswith("x-") for one in BEGINNINGS)
    assert [one for one in BEGINNINGS for other in BEGINNINGS if one != other and one.startswith(other)] == []
    assert len(set(BEGINNINGS)) == len(BEGINNINGS)


def test_the_names_that_gmail_is_asked_for_are_of_programs() -> None:
    assert [name for name in PROGRAMS if not is_of_program(name)] == []
