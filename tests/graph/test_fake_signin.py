"""Signing in at the fake goes as at Microsoft: with the real msal, over TLS."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.graph import faults
from tests.graph.client import SCOPES, Client, Refused, app, browse, browsed_cache, cache
from tests.graph.faults import once
from tests.graph.server import Graph


@pytest.fixture
def msal(graph: Graph) -> Iterator[Any]:
    made = app(graph)
    yield made
    made.http_client.close()


def flow(msal: Any, scopes: Any = SCOPES) -> Any:
    return msal.initiate_auth_code_flow(
        list(scopes), redirect_uri="http://localhost:50123", response_mode="form_post"
    )  # fmt: skip


def signed_in(graph: Graph, msal: Any) -> Any:
    begun = flow(msal)
    return msal.acquire_token_by_auth_code_flow(begun, browse(graph, begun["auth_uri"])[1])


def silent(msal: Any) -> Any:
    account = msal.get_accounts()[0]
    return msal.acquire_token_silent_with_error(list(SCOPES), account, force_refresh=True)


def test_msal_signs_in_with_a_browser(graph: Graph, msal: Any) -> None:
    told = signed_in(graph, msal)
    assert set(told["scope"].split()) >= set(SCOPES)
    assert told["id_token_claims"]["preferred_username"] == "robin@example.com"
    assert [one["username"] for one in msal.get_accounts()] == ["robin@example.com"]
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    for root in (graph.url, graph.authority):
        assert requests.get(f"{root}/v1.0/me", headers=headers, verify=str(graph.ca), timeout=5).ok


def test_a_code_goes_once_and_only_with_its_verifier(graph: Graph, msal: Any) -> None:
    begun = flow(msal)
    back = browse(graph, begun["auth_uri"])[1]
    wrong = msal.acquire_token_by_auth_code_flow(begun | {"code_verifier": "x" * 43}, back)
    assert (wrong["error"], wrong["error_codes"]) == ("invalid_grant", [50148])
    again = msal.acquire_token_by_auth_code_flow(begun, back)
    assert (again["error"], again["suberror"]) == ("invalid_grant", "bad_token")


def test_the_answer_comes_by_an_address_or_by_a_form(graph: Graph, msal: Any) -> None:
    begun = flow(msal)["auth_uri"]
    assert browse(graph, begun)[2]
    where, told, posted = browse(graph, begun.replace("response_mode=form_post", "response_mode=query"))
    assert (where, posted, told["state"]) == (
        "http://localhost:50123/",
        False,
        parse_qs(urlsplit(begun).query)["state"][0],
    )


def test_who_says_no_sends_an_error_back(graph: Graph, msal: Any) -> None:
    graph.login.deny()
    assert browse(graph, flow(msal)["auth_uri"])[1]["error"] == "access_denied"
    graph.login.needs_admin()
    assert browse(graph, flow(msal)["auth_uri"])[1]["error_description"].startswith("AADSTS90094")


def test_half_a_consent_is_half_the_scopes(graph: Graph, msal: Any) -> None:
    graph.login.grant("Mail.ReadWrite")
    told = signed_in(graph, msal)
    assert set(told["scope"].split()) & set(SCOPES) == {"Mail.ReadWrite"}


def test_a_wrong_app_tenant_or_redirect_shows_a_page(graph: Graph, msal: Any) -> None:
    good = flow(msal)["auth_uri"]
    for was, wrong, why in (
        (graph.login.client_id, "no-such-app", "700016"),
        ("/common/", "/consumers/", "50020"),
        ("localhost%3A50123", "example.com", "50011"),
        ("code_challenge_method=S256", "code_challenge_method=plain", "50147"),
    ):
        with pytest.raises(Refused, match=why):
            browse(graph, good.replace(was, wrong))


def test_an_unknown_tenant_has_no_metadata(graph: Graph) -> None:
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        app(graph, "no-such-tenant")


def test_tokens_are_refreshed_and_rotate(graph: Graph, msal: Any) -> None:
    graph.login.rotation = "at once"
    first = signed_in(graph, msal)
    second = silent(msal)
    assert second["refresh_token"] != first["refresh_token"]
    assert "access_token" in silent(msal)
    form = {"grant_type": "refresh_token", "client_id": graph.login.client_id, "refresh_token": first["refresh_token"]}
    answer = requests.post(f"{graph.authority}/common/oauth2/v2.0/token", data=form, verify=str(graph.ca), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_refresh_token_ends_when_it_is_too_old_or_revoked(graph: Graph, msal: Any) -> None:
    signed_in(graph, msal)
    graph.clock.wait(91 * 86_400)
    assert silent(msal)["suberror"] == "token_expired"
    signed_in(graph, msal)
    graph.login.revoke_all()
    told = silent(msal)
    assert (told["error"], told["error_codes"]) == ("invalid_grant", [50173])


@pytest.mark.parametrize(
    ("name", "suberror"),
    [
        ("invalid_grant", "consent_required"),
        ("invalid_grant", "basic_action"),
        ("interaction_required", "additional_action"),
        ("invalid_client", ""),
        ("unauthorized_client", ""),
        ("temporarily_unavailable", ""),
    ],
)  # fmt: skip
def test_an_error_of_the_plan_reaches_msal(graph: Graph, msal: Any, name: str, suberror: str) -> None:
    signed_in(graph, msal)
    graph.plan = once(faults.signin(name, suberror), method="oauth.token")
    told = silent(msal)
    assert (told["error"], told.get("suberror", "")) == (name, suberror)


def test_msal_signs_in_with_a_device_code(graph: Graph, msal: Any) -> None:
    begun = msal.initiate_device_flow(list(SCOPES))
    assert begun["user_code"] in begun["message"]
    once_only = begun | {"expires_at": 0, "interval": 1}
    assert msal.acquire_token_by_device_flow(dict(once_only))["error"] == "authorization_pending"
    graph.login.enter(begun["user_code"])
    assert "access_token" in msal.acquire_token_by_device_flow(dict(once_only))
    assert msal.acquire_token_by_device_flow(dict(once_only))["error"] == "bad_verification_code"
    declined = msal.initiate_device_flow(list(SCOPES)) | {"expires_at": 0, "interval": 1}
    graph.login.enter(allow=False)
    assert msal.acquire_token_by_device_flow(declined)["error"] == "authorization_declined"
    late = msal.initiate_device_flow(list(SCOPES)) | {"expires_at": 0, "interval": 1}
    graph.clock.wait(901)
    assert msal.acquire_token_by_device_flow(late)["error"] == "expired_token"


def test_who_polls_too_often_is_told_to_slow_down(graph: Graph) -> None:
    graph.login.slow_down, graph.login.device_polls = True, 1
    root = f"{graph.authority}/common/oauth2/v2.0"

    def post(path: str, **form: str) -> Any:
        form["client_id"] = graph.login.client_id
        return requests.post(f"{root}/{path}", data=form, verify=str(graph.ca), timeout=5).json()

    code = post("devicecode", scope="Mail.ReadWrite offline_access")["device_code"]
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": code}
    assert post("token", **poll)["error"] == "slow_down"
    graph.clock.wait(5)
    assert post("token", **poll)["error"] == "slow_down"
    graph.clock.wait(15)
    assert post("token", **poll)["scope"] == "Mail.ReadWrite"


def test_a_token_ends_and_scopes_hold(graph: Graph) -> None:
    client = Client(graph, ["Mail.ReadBasic"])
    assert client.ask("GET", "/me/messages").ok
    assert client.refused("GET", "/me/calendars") == (403, "ErrorAccessDenied")
    assert client.refused("POST", "/me/messages", json={}) == (403, "ErrorAccessDenied")
    graph.clock.wait(3601)
    assert client.refused("GET", "/me/messages") == (401, "InvalidAuthenticationToken")
    client.session.headers.pop("Authorization")
    answer = client.ask("GET", "/me/messages")
    assert (answer.status_code, "WWW-Authenticate" in answer.headers) == (401, True)
    client.close()


def test_the_sign_in_is_not_there_over_plain_http(graph: Graph) -> None:
    where = f"{graph.url}/common/v2.0/.well-known/openid-configuration"
    assert requests.get(where, timeout=5).status_code == 404


@pytest.mark.parametrize("make", [cache, browsed_cache])
def test_a_cache_with_and_without_a_browser_is_one_msal_goes_on_with(
    graph: Graph, make: Callable[[Graph], str]
) -> None:
    import msal

    kept = msal.SerializableTokenCache()
    kept.deserialize(make(graph))
    made = app(graph, cache=kept)
    assert silent(made)["access_token"]
    made.http_client.close()


def test_a_cache_without_a_browser_holds_what_one_with_a_browser_does(graph: Graph) -> None:
    def shape(kept: str) -> object:
        told = json.loads(kept)
        scopes = {one["target"] for kind in ("AccessToken", "RefreshToken") for one in told[kind].values()}
        return scopes, {kind: [sorted(one) for one in entries.values()] for kind, entries in told.items()}

    assert shape(cache(graph)) == shape(browsed_cache(graph))


def test_the_end_comes_at_once_even_with_idle_tls_connections() -> None:
    import socket

    with Graph() as graph:
        idle = socket.create_connection(("127.0.0.1", int(graph.authority.rpartition(":")[2])))
        session = requests.Session()
        assert session.get(f"{graph.authority}/v1.0/me", verify=str(graph.ca), timeout=5).status_code == 401
        start = time.monotonic()
    assert time.monotonic() - start < 1
    idle.close()
    session.close()
