"""Drafts in the fake live as drafts in Gmail do."""

from typing import Any

import pytest
import requests

from tests.google.client import SCOPES
from tests.google.letters import letter, raw, refused
from tests.google.server import Google


def headers(google: Google) -> dict[str, str]:
    return {"Authorization": f"Bearer {google.oauth.sign_in(SCOPES)['access_token']}"}


def test_a_draft_is_made_told_and_deleted(google: Google, gmail: Any) -> None:
    made = gmail.drafts().create(userId="me", body=raw(letter(1))).execute()
    assert made["message"]["labelIds"] == ["DRAFT"]
    told = gmail.drafts().get(userId="me", id=made["id"], format="metadata").execute()
    assert {"name": "Message-ID", "value": "<m1@example.org>"} in told["message"]["payload"]["headers"]
    (listed,) = gmail.drafts().list(userId="me").execute()["drafts"]
    assert listed == {
        "id": made["id"],
        "message": {"id": made["message"]["id"], "threadId": made["message"]["threadId"]},
    }
    assert gmail.drafts().delete(userId="me", id=made["id"]).execute() == ""
    assert refused(gmail.drafts().get(userId="me", id=made["id"], format="minimal"))[0] == 404
    assert refused(gmail.drafts().delete(userId="me", id=made["id"]))[0] == 404


def test_an_edit_keeps_the_draft_id_and_changes_the_message_id(google: Google, gmail: Any) -> None:
    made = gmail.drafts().create(userId="me", body=raw(letter(1))).execute()
    google.mailbox.edit_draft(made["id"], body="Grüße")
    told = gmail.drafts().get(userId="me", id=made["id"], format="minimal").execute()["message"]
    assert told["id"] != made["message"]["id"]
    assert told["threadId"] == made["message"]["threadId"]
    google.mailbox.edit_draft(made["id"], subject="Größe")
    anew = gmail.drafts().get(userId="me", id=made["id"], format="metadata").execute()["message"]
    assert anew["threadId"] != told["threadId"]
    assert {"name": "Subject", "value": "Größe"} in anew["payload"]["headers"]


def test_an_update_replaces_the_message(google: Google, gmail: Any) -> None:
    draft = gmail.drafts().create(userId="me", body=raw(letter(1, "Tea"))).execute()["id"]
    told = gmail.drafts().update(userId="me", id=draft, body=raw(letter(2, "Tea"))).execute()
    assert told["id"] == draft
    assert google.mailbox.draft(draft).message_id == "<m2@example.org>"
    assert google.quota.units == 25


@pytest.mark.parametrize("rewrite", [False, True])
def test_a_sent_draft_is_a_new_message_in_the_same_thread(google: Google, gmail: Any, rewrite: bool) -> None:
    made = gmail.drafts().create(userId="me", body=raw(letter(1))).execute()
    sent = google.mailbox.send_draft(made["id"], rewrite_message_id=rewrite)
    assert sent != made["message"]["id"]
    assert refused(gmail.drafts().get(userId="me", id=made["id"], format="minimal"))[0] == 404
    told = gmail.messages().get(userId="me", id=sent, format="metadata", metadataHeaders=["Message-ID"]).execute()
    assert told["labelIds"] == ["SENT"]
    assert told["threadId"] == made["message"]["threadId"]
    assert (told["payload"]["headers"][0]["value"] == "<m1@example.org>") is not rewrite


def test_a_sent_draft_may_keep_its_id(google: Google, gmail: Any) -> None:
    made = gmail.drafts().create(userId="me", body=raw(letter(1))).execute()
    assert google.mailbox.send_draft(made["id"], keep_id=True) == made["message"]["id"]
    assert google.mailbox.messages[made["message"]["id"]].labels == {"SENT"}
    assert google.mailbox.drafts == {}


def test_a_reply_draft_needs_thread_references_and_subject(google: Google, gmail: Any) -> None:
    thread = google.mailbox.deliver(letter(1, "Tea"))
    made = gmail.drafts().create(userId="me", body=raw(letter(2, "Re: Tea", answers=1), thread)).execute()
    assert made["message"]["threadId"] == thread
    alone = gmail.drafts().create(userId="me", body=raw(letter(3, "Re: Tea", answers=1))).execute()
    assert alone["message"]["threadId"] == alone["message"]["id"]
    for wrong in (letter(4, "Re: Tea"), letter(5, "Coffee", answers=1)):
        assert refused(gmail.drafts().create(userId="me", body=raw(wrong, thread)))[0] == 400
    fitting = letter(6, "Re: Tea", answers=1)
    assert refused(gmail.drafts().create(userId="me", body=raw(fitting, "18c")))[0] == 404
    assert refused(gmail.drafts().create(userId="me", body=raw(fitting, "no id")))[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": {}},
        {"message": {"raw": "a+/b"}},
        {"message": {"raw": 1}},
        {"mesage": {"raw": "YQ=="}},
        {"id": 7},
    ],
)
def test_a_draft_without_a_sound_message_is_refused(google: Google, gmail: Any, body: Any) -> None:
    assert refused(gmail.drafts().create(userId="me", body=body))[0] == 400
    assert google.mailbox.drafts == {}


def test_the_users_own_drafts_are_listed_newest_first_and_thrown_away(google: Google, gmail: Any) -> None:
    drafts = [google.mailbox.write_draft(letter(number)) for number in range(5)]
    first = gmail.drafts().list(userId="me", maxResults=3).execute()
    rest = gmail.drafts().list(userId="me", maxResults=3, pageToken=first["nextPageToken"]).execute()
    assert [one["id"] for one in first["drafts"] + rest["drafts"]] == drafts[::-1]
    google.mailbox.delete_draft(drafts[0])
    google.mailbox.trash(google.mailbox.drafts[drafts[1]])
    assert len(gmail.drafts().list(userId="me").execute()["drafts"]) == 3
    assert len(gmail.drafts().list(userId="me", includeSpamTrash=True).execute()["drafts"]) == 4


def test_gmail_adds_what_a_draft_lacks(google: Google) -> None:
    draft = google.mailbox.write_draft(b"To: anna@example.org\r\n\r\nHello\r\n")
    message = google.mailbox.draft(draft)
    assert message.message_id
    assert message.header("date")


def test_whatever_could_send_is_noted_even_if_it_is_refused(google: Google, gmail: Any) -> None:
    draft = google.mailbox.write_draft(letter(1))
    assert google.sends == []
    sent = gmail.drafts().send(userId="me", body={"id": draft}).execute()
    assert google.mailbox.messages[sent["id"]].labels == {"SENT"}
    gmail.messages().send(userId="me", body=raw(letter(2))["message"]).execute()
    for path in (
        "/upload/gmail/v1/users/me/messages/send",
        "/resumable/upload/gmail/v1/users/me/drafts/send",
        "/gmail/v1/users/me/settings/sendAs",
        "/calendar/v3/calendars/primary/events",
        "/calendar/v3/calendars/primary/events/quickAdd",
    ):
        assert requests.post(google.url + path, timeout=5).status_code == 401
        assert requests.post(google.url + path, headers=headers(google), timeout=5).status_code >= 400
    assert len(google.sends) == 12
