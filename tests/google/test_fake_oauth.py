"""Signing in at the fake goes as at Google."""

import importlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
import requests

from tests.google.client import SCOPES, credentials, service
from tests.google.server import Google

VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
REDIRECT = "http://localhost:8765/"


def consent(google: Google, **changes: str | None) -> requests.Response:
    params = {
        "client_id": google.oauth.client_id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": " ".join(SCOPES),
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "access_type": "offline",
        "state": "s1",
    } | changes
    return requests.get(f"{google.url}/o/oauth2/v2/auth", params=params, allow_redirects=False, timeout=5)


def back(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(REDIRECT)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def exchange(google: Google, code: str, **changes: str) -> requests.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        "client_id": google.oauth.client_id,
        "client_secret": google.oauth.client_secret,
    } | changes
    return requests.post(f"{google.url}/token", data=form, timeout=5)


def renew(google: Google, token: str) -> requests.Response:
    return exchange(google, "", grant_type="refresh_token", refresh_token=token)


def test_a_code_is_exchanged_once_and_only_with_its_verifier(google: Google) -> None:
    told = back(consent(google))
    assert told["state"] == "s1"
    tokens = exchange(google, told["code"]).json()
    assert set(tokens["scope"].split()) == set(SCOPES)
    assert tokens["refresh_token"]
    assert exchange(google, told["code"]).json()["error"] == "invalid_grant"
    for wrong in ({"code_verifier": "w" * 64}, {"redirect_uri": "http://localhost:1/"}):
        assert exchange(google, back(consent(google))["code"], **wrong).status_code == 400
    assert exchange(google, "4/none").json()["error"] == "invalid_grant"
    wrong_secret = exchange(google, back(consent(google))["code"], client_secret="no")
    assert (wrong_secret.status_code, wrong_secret.json()["error"]) == (401, "invalid_client")


def test_a_code_lives_ten_minutes(google: Google) -> None:
    code = back(consent(google))["code"]
    google.clock.wait(600)
    assert exchange(google, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"}, {"redirect_uri": "https://example.com/"}, {"redirect_uri": "urn:ietf:wg:oauth:2.0:oob"},
        {"response_type": "token"}, {"scope": "https://www.googleapis.com/auth/unheard"}, {"scope": None},
        {"code_challenge": None}, {"code_challenge_method": "plain"}, {"access_type": "always"}, {"state": None},
    ],
)  # fmt: skip
def test_a_wrong_request_for_consent_is_a_page_and_no_redirect(google: Google, changes: dict[str, Any]) -> None:
    answer = consent(google, **changes)
    assert answer.status_code in {400, 401}
    assert "Location" not in answer.headers


def test_the_user_may_say_no_or_tick_some_boxes(google: Google) -> None:
    google.oauth.deny()
    assert back(consent(google)) == {"state": "s1", "error": "access_denied"}
    google.oauth.grant(SCOPES[0])
    told = back(consent(google))
    assert exchange(google, told["code"]).json()["scope"] == told["scope"] == SCOPES[0]
    google.oauth.grant("https://www.googleapis.com/auth/gmail.send")
    assert back(consent(google))["error"] == "access_denied"


def test_without_offline_access_there_is_no_refresh_token(google: Google) -> None:
    assert "refresh_token" not in exchange(google, back(consent(google, access_type=None))["code"]).json()


def test_access_tokens_run_out_and_are_renewed(google: Google) -> None:
    client = service(google)
    google.clock.wait(3600)
    assert client.users().getProfile(userId="me").execute()
    assert [(call.method, call.status) for call in google.log] == [
        ("gmail.users.getProfile", 401), ("oauth.token", 200), ("gmail.users.getProfile", 200),
    ]  # fmt: skip
    client.close()


def test_a_revoked_sign_in_cannot_be_renewed(google: Google) -> None:
    for end in (google.oauth.revoke_all, lambda: google.clock.wait(7 * 86400)):
        google.oauth.refresh_lifetime = timedelta(days=7)
        client = service(google)
        end()
        google.oauth.expire_access()
        failure = importlib.import_module("google.auth.exceptions").RefreshError
        with pytest.raises(failure, match="invalid_grant"):
            client.users().getProfile(userId="me").execute()
        client.close()


def test_revoking_ends_both_tokens(google: Google) -> None:
    tokens = google.oauth.sign_in(SCOPES)
    answer = requests.post(f"{google.url}/revoke", params={"token": tokens["refresh_token"]}, timeout=5)
    assert answer.status_code == 200
    assert renew(google, tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert requests.post(f"{google.url}/revoke", data={"token": "x"}, timeout=5).json()["error"] == "invalid_token"
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert requests.get(f"{google.url}/gmail/v1/users/me/profile", headers=headers, timeout=5).status_code == 401


def test_refresh_tokens_rotate_when_told_to(google: Google) -> None:
    first = google.oauth.sign_in(SCOPES)["refresh_token"]
    assert "refresh_token" not in renew(google, first).json()
    google.oauth.rotation = "on use"
    second = renew(google, first).json()["refresh_token"]
    assert renew(google, first).ok
    google.oauth.rotation = "at once"
    third = renew(google, second).json()["refresh_token"]
    assert [renew(google, token).status_code for token in (first, second)] == [400, 400]
    assert renew(google, third).ok


def test_the_clients_own_flow_signs_in_with_the_file(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    file = google.oauth.client_file(tmp_path)
    assert set(orjson.loads(file.read_bytes())) == {"installed"}
    kind = importlib.import_module("google_auth_oauthlib.flow").InstalledAppFlow
    flow = kind.from_client_secrets_file(file, list(SCOPES))
    flow.redirect_uri = REDIRECT
    address, _ = flow.authorization_url()
    answer = requests.get(address, allow_redirects=False, timeout=5)
    flow.fetch_token(authorization_response=answer.headers["Location"])
    assert flow.credentials.refresh_token
    flow.oauth2session.close()


def test_credentials_are_built_of_what_signing_in_gave(google: Google) -> None:
    assert credentials(google.oauth.sign_in(SCOPES)).token_uri == f"{google.url}/token"
