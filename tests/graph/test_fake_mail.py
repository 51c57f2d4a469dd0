"""Reading mail at the fake goes as Graph documents it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.graph.client import Client
from tests.graph.server import Graph

ANA, ROBIN = "Ana Lima <ana@example.org>", "Robin Park <robin@example.com>"
KEY = "String {66F5A359-4659-4830-9070-00047EC6AC6E} Name Key"


def mails(graph: Graph, count: int, **more: Any) -> list[str]:
    """Lay down mails from Ana, a minute apart, the newest first; return their ids."""
    now = graph.clock.now()
    return [
        graph.mailbox.deliver(ANA, [ROBIN], at=now - timedelta(minutes=number), subject=f"Mail {number}", **more)
        for number in range(count)
    ]


def subjects(answer: Any) -> list[str]:
    return [one["subject"] for one in answer["value"]]


def test_only_what_is_selected_is_told_and_the_id(graph: Graph, client: Client) -> None:
    (name,) = mails(graph, 1)
    told = client.get(f"/me/messages/{name}", select="subject,from")
    assert set(told) == {"@odata.context", "@odata.etag", "id", "subject", "from"}
    assert told["from"] == {"emailAddress": {"name": "Ana Lima", "address": "ana@example.org"}}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("$select=subjekt", 400),
        ("$filter=subjekt eq 'x'", 400),
        ("$filter=receivedDateTime ge '2026-01-01'", 400),
        ("$filter=receivedDateTime ge 2026-01-01T00:00:00Z and", 400),
        ("$filter=isRead eq true or isDraft eq true", 501),
        ("$filter=contains(subject,'x')", 501),
        ("$orderby=size", 400),
        ("$top=0", 400),
        ("$top=1001", 400),
        ("$top=5&$top=6", 400),
        ("$search=x", 501),
        ("$expand=attachments", 501),
        ("pageSize=5", 400),
    ],
)
def test_what_graph_does_not_know_is_refused(client: Client, query: str, status: int) -> None:
    assert client.refused("GET", f"/me/messages?{query}")[0] == status


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "/me/mesages", 400),
        ("PUT", "/me/messages", 405),
        ("GET", "/me/contacts", 501),
        ("GET", "/me/messages/AAkALnonsense", 404),
        ("GET", "/me/mailFolders/nofolder/messages", 404),
        ("GET", "/users/1/messages", 501),
    ],
)
def test_a_path_that_nothing_has_is_refused(client: Client, verb: str, path: str, status: int) -> None:
    assert client.refused(verb, path)[0] == status


def test_filters_hold_and_bounds_are_finer_than_what_is_told(graph: Graph, client: Client) -> None:
    at = graph.clock.now() + timedelta(milliseconds=400)
    graph.mailbox.deliver(ANA, [ROBIN], at=at, subject="Late", message_id="<late@mail.example.org>")
    mails(graph, 3)
    told = "2026-10-01T09:30:00Z"

    def found(condition: str) -> list[str]:
        return subjects(client.get("/me/messages", filter=condition))

    assert found(f"receivedDateTime ge {told}") == ["Late", "Mail 0"]
    assert found(f"receivedDateTime gt {told}") == ["Late"]
    assert found(f"receivedDateTime eq {told}") == ["Mail 0"]
    assert found(f"receivedDateTime le {told} and receivedDateTime gt 2026-10-01T09:28:30Z") == ["Mail 0", "Mail 1"]
    assert found("internetMessageId eq '<late@mail.example.org>'") == ["Late"]
    assert found("(from/emailAddress/address eq 'ANA@example.org') and isDraft eq false and subject ne 'Late'") == [
        "Mail 0", "Mail 1", "Mail 2",
    ]  # fmt: skip
    inbox = client.get("/me/mailFolders/inbox")["id"]
    assert found(f"parentFolderId ne '{inbox}'") == []


def test_a_folder_filter_may_be_refused(graph: Graph, client: Client) -> None:
    graph.mail.refuses_folder_filter = True
    told = client.refused("GET", "/me/messages?$filter=parentFolderId ne 'x'")
    assert told == (400, "ErrorInvalidUrlQueryFilter")


def test_what_orders_must_lead_the_filter(graph: Graph, client: Client) -> None:
    mails(graph, 3)
    good = "receivedDateTime ge 2026-01-01T00:00:00Z and isRead eq false"
    told = client.get("/me/messages", filter=good, orderby="receivedDateTime asc")
    assert subjects(told) == ["Mail 2", "Mail 1", "Mail 0"]
    for wrong in ("isRead eq false", "isRead eq false and receivedDateTime ge 2026-01-01T00:00:00Z"):
        told = client.refused("GET", f"/me/messages?$filter={wrong}&$orderby=receivedDateTime")
        assert told == (400, "InefficientFilter")


def test_pages_shift_when_mail_comes(graph: Graph, client: Client) -> None:
    mails(graph, 4)
    first = client.get("/me/messages", top=2, select="subject")
    graph.mailbox.deliver(ANA, [ROBIN], at=graph.clock.now() + timedelta(seconds=1), subject="New")
    second = client.get(first["@odata.nextLink"])
    assert (subjects(first), subjects(second)) == (["Mail 0", "Mail 1"], ["Mail 1", "Mail 2"])
    third = client.get(second["@odata.nextLink"])
    assert (subjects(third), "@odata.nextLink" in third) == (["Mail 3"], False)


def test_ordinary_ids_change_when_a_message_moves_and_immutable_ones_do_not(graph: Graph, client: Client) -> None:
    (name,) = mails(graph, 1)
    before = client.get(f"/me/messages/{name}", prefer="")
    assert before["id"] != name
    graph.mailbox.move(name, "archive")
    after = client.get(f"/me/messages/{name}", prefer="")
    assert after["id"] not in {name, before["id"]}
    assert after["changeKey"] != before["changeKey"]
    assert client.refused("GET", f"/me/messages/{before['id']}") == (404, "ErrorItemNotFound")
    answer = client.ask("GET", f"/me/messages/{after['id']}")
    assert (answer.json()["id"], answer.headers["Preference-Applied"]) == (name, 'IdType="ImmutableId"')
    assert client.refused("GET", f"/me/messages/{name.swapcase()}") == (404, "ErrorItemNotFound")


def test_headers_come_only_when_selected_and_never_with_sent_mail(graph: Graph, client: Client) -> None:
    (name,) = mails(graph, 1, headers=[("List-Id", "<tea.example.net>")])
    sent = graph.mailbox.deliver(ROBIN, [ANA], folder="sentitems")
    assert "internetMessageHeaders" not in client.get(f"/me/messages/{name}")
    for one, there in ((name, True), (sent, False)):
        told = client.get(f"/me/messages/{one}", select="internetMessageHeaders")
        assert ("internetMessageHeaders" in told) is there
    for how, there in ((True, True), (False, False)):
        graph.mail.headers_in_lists = how
        told = client.get("/me/mailFolders/inbox/messages", select="internetMessageHeaders")["value"]
        assert ("internetMessageHeaders" in told[0]) is there


def test_answers_share_a_conversation_and_meeting_mails_have_a_type(graph: Graph, client: Client) -> None:
    graph.mailbox.deliver(ANA, [ROBIN], message_id="<1@mail.example.org>")
    graph.mailbox.deliver(ROBIN, [ANA], answers=["<1@mail.example.org>"], folder="sentitems")
    graph.mailbox.deliver(ANA, [ROBIN], kind="eventMessageRequest")
    told = client.get("/me/messages", select="conversationId")["value"]
    assert len({one["conversationId"] for one in told}) == 2
    assert [one.get("@odata.type") for one in told].count("#microsoft.graph.eventMessageRequest") == 1


def test_a_basic_token_sees_no_bodies(graph: Graph) -> None:
    (name,) = mails(graph, 1)
    basic = Client(graph, ["Mail.ReadBasic"])
    assert {"body", "bodyPreview"}.isdisjoint(basic.get(f"/me/messages/{name}"))
    expand = f"singleValueExtendedProperties($filter=id eq '{KEY}')"
    assert basic.refused("GET", f"/me/messages?$expand={expand}")[0] == 403
    basic.close()


def test_folders_have_well_known_names(graph: Graph, client: Client) -> None:
    own = graph.mailbox.add_folder("Friends", "inbox")
    told = client.get("/me/mailFolders", top=50)["value"]
    assert [one["displayName"] for one in told][:3] == ["Inbox", "Drafts", "Sent Items"]
    assert client.get("/me/mailFolders/Inbox/childFolders")["value"][0]["id"] == own
    assert client.get("/me/mailFolders/SENTITEMS", select="id")["id"] == graph.mailbox.folder("sentitems").id


def test_me_tells_proxy_addresses_only_when_asked(graph: Graph, client: Client) -> None:
    assert "proxyAddresses" not in client.get("/me")
    assert client.get("/me", select="mail,proxyAddresses")["proxyAddresses"] == ["SMTP:robin@example.com"]


def test_pages_too_large_end_in_a_timeout(graph: Graph, client: Client) -> None:
    mails(graph, 5)
    graph.mail.slow_above = 4
    assert client.refused("GET", "/me/messages?$top=5")[0] == 504
    assert len(client.get("/me/messages", top=4)["value"]) == 4
