"""Drafts at the fake: made, found, changed, answered with, sent by the user, deleted."""

from typing import Any

import pytest

from tests.graph.client import Client
from tests.graph.server import Graph

ANA, ROBIN = "Ana Lima <ana@example.org>", "Robin Park <robin@example.com>"
KEY = "String {66F5A359-4659-4830-9070-00047EC6AC6E} Name Key"
SMALL = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Key"
TO_ANA = [{"emailAddress": {"address": "ana@example.org", "name": "Ana"}}]


def make(client: Client, **more: Any) -> Any:
    draft = {"subject": "Tea", "toRecipients": TO_ANA, "body": {"contentType": "text", "content": "Shall we?"}}
    answer = client.ask("POST", "/me/messages", json=draft | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def found(client: Client, value: str) -> list[str]:
    condition = f"singleValueExtendedProperties/Any(ep: ep/id eq '{KEY}' and ep/value eq '{value}')"
    return [one["id"] for one in client.get("/me/mailFolders/drafts/messages", filter=condition)["value"]]


def test_a_draft_is_made_and_found_by_its_key(client: Client) -> None:
    keyed = [{"id": KEY, "value": "k'1"}]
    made = make(client, internetMessageId="<k1@mail.example.com>", singleValueExtendedProperties=keyed)
    assert (made["isDraft"], made["internetMessageId"]) == (True, "<k1@mail.example.com>")
    assert found(client, "k''1") == [made["id"]]
    assert found(client, "other") == []
    expand = f"singleValueExtendedProperties($filter=id eq '{KEY}')"
    told = client.get(f"/me/messages/{made['id']}", select="id", expand=expand)
    assert told["singleValueExtendedProperties"] == [{"id": SMALL, "value": "k'1"}]
    named = client.get("/me/messages", filter="internetMessageId eq '<k1@mail.example.com>'")["value"]
    assert [one["id"] for one in named] == [made["id"]]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"to": []}, "RequestBodyRead"),
        ({"id": "x"}, "ErrorInvalidPropertySet"),
        ({"receivedDateTime": "2026-01-01T00:00:00Z"}, "ErrorInvalidPropertySet"),
        ({"toRecipients": [{"address": "x@example.com"}]}, "RequestBodyRead"),
        ({"toRecipients": [{"emailAddress": {"address": "nobody"}}]}, "ErrorInvalidRecipients"),
        ({"internetMessageHeaders": [{"name": "In-Reply-To", "value": "x"}]}, "InvalidInternetMessageHeader"),
        ({"singleValueExtendedProperties": [{"id": "Key", "value": "x"}]}, "ErrorInvalidArgument"),
        ([], "RequestBodyRead"),
    ],
)
def test_what_cannot_be_written_is_refused(graph: Graph, client: Client, given: Any, code: str) -> None:
    assert client.refused("POST", "/me/messages", json=given) == (400, code)
    assert graph.mailbox.drafts == []


def test_mime_is_not_part_of_the_fake(client: Client) -> None:
    headers = {"Content-Type": "text/plain"}
    assert client.refused("POST", "/me/messages", data="RnJvbTo=", headers=headers)[0] == 501


def test_every_edit_changes_the_etag_and_if_match_holds(graph: Graph, client: Client) -> None:
    made = make(client)
    where, etag = f"/me/messages/{made['id']}", {"If-Match": made["@odata.etag"]}
    changed = client.ask("PATCH", where, json={"subject": "Coffee"}, headers=etag).json()
    assert changed["changeKey"] != made["changeKey"]
    assert client.refused("PATCH", where, json={"subject": "Tea"}, headers=etag) == (412, "ErrorIrresolvableConflict")
    assert client.refused("DELETE", where, headers=etag) == (412, "ErrorIrresolvableConflict")
    assert client.ask("DELETE", where, headers={"If-Match": changed["@odata.etag"]}).status_code == 204
    assert [one.subject for one in graph.mailbox.listed("deleteditems")] == ["Coffee"]
    assert client.ask("DELETE", where).status_code == 204
    assert client.refused("GET", where) == (404, "ErrorItemNotFound")


def test_deleting_may_leave_nothing(graph: Graph, client: Client) -> None:
    graph.mailbox.deletes = "gone"
    made = make(client)
    assert client.ask("DELETE", f"/me/messages/{made['id']}").status_code == 204
    assert graph.mailbox.find(made["id"]) is None


def reply(graph: Graph, client: Client, **body: Any) -> Any:
    name = graph.mailbox.deliver(ANA, [ROBIN], subject="Tea", reply_to=["Ana <ana@example.net>"], body="Hello Robin")
    answer = client.ask("POST", f"/me/messages/{name}/createReply", json=body)
    return answer.json() | {"status": answer.status_code, "answered": client.get(f"/me/messages/{name}")}


def test_a_reply_goes_to_reply_to_in_the_conversation_and_quotes(graph: Graph, client: Client) -> None:
    told = reply(graph, client, comment="Yes!")
    assert (told["status"], told["subject"], told["isDraft"]) == (201, "RE: Tea", True)
    assert told["toRecipients"][0]["emailAddress"]["address"] == "ana@example.net"
    assert told["conversationId"] == told["answered"]["conversationId"]
    assert "Yes!" in told["body"]["content"]
    assert "Hello Robin" in told["body"]["content"]


def test_a_reply_takes_what_is_given(graph: Graph, client: Client) -> None:
    keyed = [{"id": KEY, "value": "k1"}]
    body = {"contentType": "text", "content": "Yes"}
    message = {"subject": "Re: Tea", "toRecipients": TO_ANA, "body": body, "singleValueExtendedProperties": keyed}
    told = reply(graph, client, message=message)
    assert (told["subject"], told["body"]) == ("Re: Tea", body)
    assert told["toRecipients"] == TO_ANA
    assert found(client, "k1") == [told["id"]]
    graph.writing.reply_extended = "ignored"
    assert found(client, "k1") == [told["id"]] != reply(graph, client, message=message)["id"]
    graph.writing.reply_extended = "refused"
    assert reply(graph, client, message=message)["status"] == 400


def test_comment_and_body_do_not_go_together(graph: Graph, client: Client) -> None:
    both = {"comment": "Yes", "message": {"body": {"contentType": "text", "content": "Yes"}}}
    assert reply(graph, client, **both)["status"] == 400
    assert graph.mailbox.drafts == []


def test_a_draft_that_is_sent_keeps_its_immutable_id(graph: Graph, client: Client) -> None:
    made = make(client)
    graph.clock.wait(60)
    graph.mailbox.send_draft(made["id"])
    told = client.get(f"/me/messages/{made['id']}")
    assert (told["isDraft"], told["sentDateTime"]) == (False, "2026-10-01T09:31:00Z")
    assert told["parentFolderId"] == graph.mailbox.folder("sentitems").id
    told = client.refused("PATCH", f"/me/messages/{made['id']}", json={"subject": "x"})
    assert told == (400, "ErrorInvalidPropertyUpdateSentMessage")


def test_the_sent_copy_lags(graph: Graph, client: Client) -> None:
    graph.mailbox.sending.lag = 30
    made = make(client)
    graph.mailbox.send_draft(made["id"])
    for _ in range(2):
        assert client.refused("GET", f"/me/messages/{made['id']}") == (404, "ErrorItemNotFound")
        assert client.get("/me/messages")["value"] == []
        graph.clock.wait(14)
    graph.clock.wait(2)
    assert client.get(f"/me/messages/{made['id']}", select="isDraft")["isDraft"] is False


def test_the_sent_copy_may_have_other_names(graph: Graph, client: Client) -> None:
    graph.mailbox.sending.keeps_id = graph.mailbox.sending.keeps_message_id = False
    made = make(client)
    graph.mailbox.send_draft(made["id"])
    assert client.refused("GET", f"/me/messages/{made['id']}")[0] == 404
    told = client.get("/me/mailFolders/sentitems/messages")["value"][0]
    assert told["internetMessageId"] != made["internetMessageId"]


def test_the_user_writes_edits_and_deletes_drafts(graph: Graph, client: Client) -> None:
    name = graph.mailbox.write_draft([ANA], "By hand")
    before = client.get(f"/me/messages/{name}")
    graph.mailbox.edit_draft(name, body="Other words")
    after = client.get(f"/me/messages/{name}")
    assert (after["body"]["content"], after["changeKey"] == before["changeKey"]) == ("Other words", False)
    graph.mailbox.delete_draft(name)
    assert client.get(f"/me/messages/{name}")["parentFolderId"] == graph.mailbox.folder("deleteditems").id


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/me/sendMail", 403),
        ("/me/messages/{id}/send", 403),
        ("/me/messages/{id}/reply", 403),
        ("/me/messages/{id}/replyAll", 403),
        ("/me/messages/{id}/forward", 403),
        ("/me/messages/{id}/createForward", 501),
        ("/me/messages/{id}/createReplyAll", 501),
        ("/me/events", 403),
        ("/me/events/x/accept", 403),
        ("/me/mailFolders/inbox/messageRules", 403),
    ],
)
def test_what_could_send_is_written_down_even_if_refused(graph: Graph, client: Client, path: str, status: int) -> None:
    made = make(client)
    where = path.replace("{id}", made["id"])
    assert client.ask("POST", where, json={}).status_code == status
    parts = [{"id": "1", "method": "POST", "url": where, "body": {}, "headers": {"Content-Type": "application/json"}}]
    client.ask("POST", "/$batch", json={"requests": parts})
    assert [call.part for call in graph.sends] == [None, 0]
    assert len(graph.mailbox.drafts) == 1


def test_with_the_scope_a_draft_is_sent(graph: Graph) -> None:
    client = Client(graph, ["Mail.ReadWrite", "Mail.Send"])
    made = make(client)
    assert client.ask("POST", f"/me/messages/{made['id']}/send").status_code == 202
    assert len(graph.mailbox.listed("sentitems")) == len(graph.sends) == 1
    client.close()
