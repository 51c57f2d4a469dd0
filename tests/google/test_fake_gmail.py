"""The fake mailbox answers the real client as Gmail does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.google.client import READONLY, SCOPES, batch, service
from tests.google.letters import MORNING, letter, raw, refused
from tests.google.server import Google


def pages(method: Callable[..., Any], key: str, **params: Any) -> list[list[Any]]:
    told, token = [], None
    while True:
        answer = method(userId="me", **params, **({"pageToken": token} if token else {})).execute()
        told.append(answer.get(key, []))
        token = answer.get("nextPageToken")
        if token is None:
            return told


def test_a_list_is_told_page_by_page_newest_first(google: Google, gmail: Any) -> None:
    ids = [google.mailbox.deliver(letter(number)) for number in range(7)]
    told = pages(gmail.messages().list, "messages", maxResults=3)
    assert [len(page) for page in told] == [3, 3, 1]
    assert [one["id"] for page in told for one in page] == ids[::-1]


def test_labels_are_all_wanted_and_spam_and_bin_are_left_out(google: Google, gmail: Any) -> None:
    both = google.mailbox.deliver(letter(1), ("INBOX", "CATEGORY_SOCIAL"))
    google.mailbox.deliver(letter(2), ("INBOX",))
    spam = google.mailbox.deliver(letter(3), ("SPAM",))
    google.mailbox.trash(google.mailbox.deliver(letter(4)))
    (page,) = pages(gmail.messages().list, "messages", labelIds=["INBOX", "CATEGORY_SOCIAL"])
    assert [one["id"] for one in page] == [both]
    assert len(pages(gmail.messages().list, "messages")[0]) == 2
    assert len(pages(gmail.messages().list, "messages", includeSpamTrash=True)[0]) == 4
    assert [one["id"] for one in pages(gmail.messages().list, "messages", labelIds=["SPAM"])[0]] == [spam]
    assert refused(gmail.messages().list(userId="me", labelIds=["NONE"]))[0] == 400


def test_an_empty_list_has_no_messages_key(gmail: Any) -> None:
    assert gmail.messages().list(userId="me").execute() == {"resultSizeEstimate": 0}
    assert gmail.drafts().list(userId="me").execute() == {"resultSizeEstimate": 0}


def test_a_page_token_is_good_for_its_own_list_only(google: Google, gmail: Any) -> None:
    for number in range(3):
        google.mailbox.deliver(letter(number))
    token = gmail.messages().list(userId="me", maxResults=1).execute()["nextPageToken"]
    assert refused(gmail.messages().list(userId="me", labelIds=["INBOX"], pageToken=token))[0] == 400
    assert refused(gmail.messages().list(userId="me", pageToken="abc"))[0] == 400
    assert refused(gmail.drafts().list(userId="me", pageToken=token))[0] == 400


def test_headers_are_told_as_text_and_only_those_asked_for(google: Google, gmail: Any) -> None:
    name = google.mailbox.deliver(letter(1, "=?utf-8?q?Gr=C3=BC=C3=9Fe?="))
    params = {"userId": "me", "id": name, "format": "metadata"}
    told = gmail.messages().get(**params, metadataHeaders=["subject", "FROM", "X-None"]).execute()
    assert "snippet" not in told
    assert told["payload"]["headers"] == [
        {"name": "From", "value": "Anna Adler <anna@example.org>"},
        {"name": "Subject", "value": "Grüße"},
    ]
    google.mailbox.headers = "raw"
    told = gmail.messages().get(**params, metadataHeaders=["Subject"]).execute()
    assert told["payload"]["headers"][0]["value"] == "=?utf-8?q?Gr=C3=BC=C3=9Fe?="


def test_masks_are_applied_and_wrong_ones_refused(google: Google, gmail: Any) -> None:
    name = google.mailbox.deliver(letter(1))
    params = {"userId": "me", "id": name, "format": "metadata"}
    told = gmail.messages().get(**params, fields="id,payload/headers(name)").execute()
    assert set(told) == {"id", "payload"}
    assert told["payload"]["headers"][0] == {"name": "From"}
    told = gmail.threads().get(userId="me", id=name, format="minimal", fields="messages(id,labelIds)").execute()
    assert told == {"messages": [{"id": name, "labelIds": ["INBOX", "UNREAD"]}]}
    for wrong in ("bogus", "id,", "payload/headers(name", "id(x)", "", "payload//headers", "a b%"):
        assert refused(gmail.messages().get(**params, fields=wrong))[0] == 400, wrong


def test_gmail_metadata_in_a_token_restricts_all_of_it(google: Google, gmail: Any) -> None:
    name = google.mailbox.deliver(letter(1))
    draft = google.mailbox.write_draft(letter(2))
    full = refused(gmail.messages().get(userId="me", id=name))
    assert full == (403, "forbidden", "Metadata scope doesn't allow format FULL")
    assert refused(gmail.threads().get(userId="me", id=name, format="full"))[0] == 403
    assert refused(gmail.drafts().get(userId="me", id=draft, format="raw"))[0] == 403
    search = refused(gmail.messages().list(userId="me", q="from:anna"))
    assert search == (403, "forbidden", "Metadata scope does not support 'q' parameter")
    both = service(google, scopes=[*SCOPES, READONLY])
    assert refused(both.users().messages().get(userId="me", id=name, format="full"))[0] == 403
    both.close()
    client = service(google, scopes=[READONLY])
    told = client.users().messages().get(userId="me", id=name).execute()
    assert told["snippet"] == "Hello"
    assert told["payload"]["body"] == {"size": 7, "data": "SGVsbG8NCg=="}
    assert client.users().messages().get(userId="me", id=name, format="raw").execute()["raw"]
    assert refused(client.users().drafts().create(userId="me", body=raw(letter(3))))[1] == "insufficientPermissions"
    client.close()


@pytest.mark.parametrize(
    "query",
    [
        "unheard=1", "maxResults=501", "maxResults=0", "maxResults=x", "maxResults=5&maxResults=6", "format=metadata",
        "includeSpamTrash=yes", "alt=yaml", "metadataHeaders=To",
    ],
)  # fmt: skip
def test_parameters_google_does_not_document_are_refused(google: Google, query: str) -> None:
    token = google.oauth.sign_in(SCOPES)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{google.url}/gmail/v1/users/me/messages?{query}", headers=headers, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


def test_unknown_paths_are_an_html_page(google: Google) -> None:
    for path in ("/gmail/v1/users/me/letters", "/gmail/v2/users/me/messages", "/"):
        answer = requests.get(google.url + path, timeout=5)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/html")


def test_nobody_unknown_and_nobody_else_is_let_in(google: Google, gmail: Any) -> None:
    assert requests.get(f"{google.url}/gmail/v1/users/me/profile", timeout=5).status_code == 401
    assert refused(gmail.messages().list(userId="anna@example.org"))[0] == 403
    assert refused(gmail.messages().get(userId="me", id="xyz", format="minimal"))[0] == 400
    assert refused(gmail.messages().get(userId="me", id="18c", format="minimal"))[0] == 404


def test_history_tells_what_happened_since(google: Google, gmail: Any) -> None:
    start = gmail.getProfile(userId="me").execute()["historyId"]
    assert gmail.history().list(userId="me", startHistoryId=start).execute() == {"historyId": start}
    name = google.mailbox.deliver(letter(1))
    google.mailbox.relabel(name, add=("STARRED",), remove=("UNREAD",))
    google.mailbox.delete(name)
    told = [one for page in pages(gmail.history().list, "history", startHistoryId=start, maxResults=3) for one in page]
    kinds = ["messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"]
    assert [next(key for key in one if key not in {"id", "messages"}) for one in told] == kinds
    assert told[0]["messagesAdded"][0]["message"] == {"id": name, "threadId": name, "labelIds": ["INBOX", "UNREAD"]}
    assert told[1]["labelsAdded"][0]["labelIds"] == ["STARRED"]
    mask = "history(id,messagesAdded(message(id,labelIds)))"
    params = {"userId": "me", "startHistoryId": start, "historyTypes": ["messageAdded"], "fields": mask}
    (one,) = gmail.history().list(**params).execute()["history"]
    assert set(one) == {"id", "messagesAdded"}
    assert "history" not in gmail.history().list(userId="me", startHistoryId=start, labelId="SENT").execute()


def test_history_expires(google: Google, gmail: Any) -> None:
    google.mailbox.deliver(letter(1))
    start = gmail.getProfile(userId="me").execute()["historyId"]
    google.mailbox.expire_history()
    assert refused(gmail.history().list(userId="me", startHistoryId=start))[:2] == (404, "notFound")
    assert refused(gmail.history().list(userId="me", startHistoryId="99999999"))[0] == 404
    now = gmail.getProfile(userId="me").execute()["historyId"]
    assert gmail.history().list(userId="me", startHistoryId=now).execute() == {"historyId": now}
    assert refused(gmail.history().list(userId="me"))[0] == 400


def test_mail_is_threaded_by_references_under_the_same_subject(google: Google, gmail: Any) -> None:
    first = google.mailbox.deliver(letter(1, "Tea"))
    reply = google.mailbox.deliver(letter(2, "Re: Tea", answers=1))
    other = google.mailbox.deliver(letter(3, "Coffee", answers=1))
    told = gmail.threads().get(userId="me", id=first, format="minimal").execute()
    assert [one["id"] for one in told["messages"]] == [first, reply]
    assert google.mailbox.messages[other].thread == other
    (page,) = pages(gmail.threads().list, "threads")
    assert [one["id"] for one in page] == [other, first]


def test_a_large_mailbox_is_built_at_once(google: Google, gmail: Any) -> None:
    headers = {"From": "anna@example.org", "To": "robin@example.com", "Subject": "Tea", "Message-ID": "<a@example.org>"}
    google.mailbox.bulk((headers, ("INBOX",), MORNING + timedelta(minutes=n), n % 500) for n in range(2000))
    assert gmail.getProfile(userId="me").execute()["threadsTotal"] == 500
    assert [len(page) for page in pages(gmail.messages().list, "messages", maxResults=500)] == [500] * 4
    name = next(iter(google.mailbox.messages))
    told = gmail.threads().get(userId="me", id=name, format="metadata", metadataHeaders=["To"]).execute()
    assert [one["payload"]["headers"][0]["value"] for one in told["messages"]] == ["robin@example.com"] * 4


def test_a_batch_answers_each_part_alone_and_in_any_order(google: Google, gmail: Any) -> None:
    name = google.mailbox.deliver(letter(1))
    told: dict[str, tuple[Any, Any]] = {}
    several = batch(google)
    for key, part in {
        "good": gmail.messages().get(userId="me", id=name, format="minimal"),
        "gone": gmail.messages().get(userId="me", id="18c", format="minimal"),
        "full": gmail.messages().get(userId="me", id=name),
        "draft": gmail.drafts().create(userId="me", body=raw(letter(2))),
        **{f"more {number}": gmail.getProfile(userId="me") for number in range(5)},
    }.items():
        several.add(part, callback=lambda key, answer, error: told.update({key: (answer, error)}), request_id=key)
    google.quota.parts = 8
    several.execute()
    assert told["good"][0]["id"] == name
    assert told["gone"][1].resp.status == 404
    assert told["full"][1].resp.status == 403
    assert told["draft"][0]["id"] in google.mailbox.drafts
    assert told["more 4"][1].resp.status == 429
    assert "concurrent" in str(told["more 4"][1])
    assert google.requests == 1
    assert google.quota.calls["gmail.users.getProfile"] == 4


def test_a_batch_of_more_than_a_hundred_is_refused(google: Google, gmail: Any) -> None:
    several = batch(google)
    for _ in range(101):
        several.add(gmail.getProfile(userId="me"))
    assert refused(several)[0] == 400
    assert google.quota.units == 0


def test_a_long_query_sent_as_a_form_is_the_same_call(google: Google, gmail: Any) -> None:
    name = google.mailbox.deliver(letter(1))
    names = [f"X-Header-{number:04}" for number in range(200)]
    told = gmail.messages().get(userId="me", id=name, format="metadata", metadataHeaders=[*names, "To"]).execute()
    assert [one["name"] for one in told["payload"]["headers"]] == ["To"]
    assert google.log[-1].verb == "GET"
