"""What a refusal of Microsoft's sign-in means, told by its `error` and `suberror`.

Never by the AADSTS numbers in its description, which Microsoft says may change at any time
(https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
"""

from collections.abc import Collection, Mapping
from typing import Final

from connectors.base import Host
from connectors.errors import BadReply, ConnectorError, LoginNeeded, Refused, Unavailable
from connectors.outlook.scopes import Permission, listed
from connectors.outlook.settings import GROUPS, PERSONAL, PERSONAL_TENANT, OutlookSettings
from connectors.pages import page
from connectors.text import clean

ODD: Final = "Microsoft's sign-in gave an answer that cannot be understood: later it may work."

_CONSENT: Final = frozenset({"consent_required"})
_INTERACTION: Final = frozenset({
    "interaction_required", "login_required", "basic_action", "additional_action", "message_only",
    "user_password_expired", "device_authentication_failed", "protection_policy_required",
})  # fmt: skip
_DEAD: Final = frozenset({"invalid_grant", "bad_token", "token_expired", "client_mismatch"})
_APP: Final = frozenset({"invalid_client", "unauthorized_client"})
_LATER: Final = frozenset({"temporarily_unavailable", "server_error"})
_WRONG: Final = frozenset({
    "invalid_request", "invalid_scope", "invalid_resource", "unsupported_response_type", "unsupported_grant_type",
})  # fmt: skip
_DECLINED: Final = frozenset({"access_denied", "authorization_declined"})


def quoted(told: Mapping[str, object]) -> str:
    """Return Microsoft's own words, on one line, less the numbers of the request behind them."""
    text = told.get("error_description")
    words = clean(text.partition("Trace ID")[0], 240) if isinstance(text, str) else ""
    return ": ".join(one for one in (clean(str(told.get("error")), 40), words) if one)


def is_dead(told: Mapping[str, object]) -> bool:
    """Say whether a refusal is about the refresh token and nothing else: another one may do."""
    names = _names(told)
    return bool(names & _DEAD) and not names & (_CONSENT | _INTERACTION | _APP)


def explain(
    told: Mapping[str, object],
    wanted: Collection[Permission],
    settings: OutlookSettings,
    host: Host,
    home: str = "",
) -> ConnectorError:
    """Return what an answer with an `error` means.

    `wanted` are the permissions that it may be about, `home` is the user's own tenant, if it is known.
    """
    names = _names(told)
    if names & (_CONSENT | _DECLINED | _INTERACTION) or (names & _DEAD and not names & _APP):
        return LoginNeeded(_why(names, wanted, host, administrator(settings, home)))
    if names & _APP:
        return Refused(
            f"Microsoft does not take your app as it is registered ({quoted(told)}): look at its client id, its "
            f'account types, and that "Allow public client flows" is on ({page("docs/outlook.md, step 3")}).'
        )
    if names & _LATER:
        return Unavailable("Microsoft's sign-in is too busy at the moment: later it may work.")
    if names & _WRONG:
        return Refused(
            f"Microsoft refuses the sign-in ({quoted(told)}): look for its number in {page('docs/outlook.md')}, "
            '"What goes wrong".'
        )
    return BadReply(ODD)


def _why(names: frozenset[str], wanted: Collection[Permission], host: Host, more: str) -> str:
    """Return why somebody has to sign in (again)."""
    if names & _CONSENT:
        lacking = ", ".join(one.name for one in wanted)
        return f"Microsoft wants to be told that auld may have {lacking}: {host.sign_in}, and agree.{more}"
    if names & _DECLINED:
        return f"You did not allow it. auld cannot work without:\n{listed(wanted)}\n{host.sign_in} asks again.{more}"
    if names & _INTERACTION:
        return (
            "Microsoft wants you to sign in again (a second factor, a new password, or a rule of your organisation): "
            f"{host.sign_in}"
        )
    return f"Microsoft ended the sign-in (taken back, the password changed, or unused for 90 days): {host.sign_in}"


def admin_address(settings: OutlookSettings, home: str = "") -> str:
    """Return where an administrator allows the app for everybody of an organisation; ``""`` where there is none.

    `home` is the user's own tenant, if it is known.
    """
    tenant = home if home and settings.tenant in GROUPS else settings.tenant
    if tenant in {PERSONAL, PERSONAL_TENANT}:
        return ""
    if tenant == "common":  # a personal account cannot give it, so that page takes this word alone
        tenant = "organizations"
    return f"{settings.signs_in_at}/{tenant}/adminconsent?client_id={settings.client_id}"


def administrator(settings: OutlookSettings, home: str = "") -> str:
    """Return a further sentence, about what an administrator can do; ``""`` where there is none."""
    address = admin_address(settings, home)
    if not address:
        return ""
    return f" Where an organisation leaves that to its administrator, they can allow it at {address}"


def _names(told: Mapping[str, object]) -> frozenset[str]:
    return frozenset(one for one in (told.get("error"), told.get("suberror")) if isinstance(one, str))
