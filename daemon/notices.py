"""What the user is told without asking: drafts that wait, accounts that need them. Each once, and not every round.

What was told is remembered in the side file, and only what really was shown. A notice says account names and numbers,
nothing about people: anybody may see the screen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from shlex import quote
from typing import Final

from daemon import desktop
from daemon.model import Status
from daemon.turn import Turn

Show = Callable[[str, str], bool]
"""Shows a title and a text; says whether anybody could see it."""

AGAIN: Final = timedelta(days=1)
_DRAFT: Final = "draft "
_ACCOUNT: Final = "account "


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell: `of` are the things it is about, as they are remembered."""

    title: str
    text: str
    of: tuple[str, ...]


def tell(turn: Turn, show: Show = desktop.show) -> Sequence[Notice]:
    """After a round: show what is new to the user, and remember it; return what was shown."""
    if not turn.settings.service.notify:
        return ()
    told = _still_so(turn)
    shown = [
        one for one in (_drafts(turn, told), _accounts(turn, told)) if one is not None and show(one.title, one.text)
    ]
    told |= {of: turn.now for one in shown for of in one.of}
    side = turn.state.side()
    kept = tuple(sorted(told.items()))
    if kept != side.told:
        turn.state.store.write_side(replace(side, told=kept))
    return shown


def _still_so(turn: Turn) -> dict[str, datetime]:
    """Return what was told and when, without drafts that wait no more and accounts that are well again or gone."""
    side = turn.state.side()
    enabled = {one.name for one in turn.settings.accounts if one.enabled}
    ill = {f"{_ACCOUNT}{one.name}" for one in side.accounts if one.health != "ok" and one.name in enabled}
    waiting = {f"{_DRAFT}{one.key}" for one in turn.state.drafts if one.status is Status.OPEN}
    return {of: at for of, at in side.told if of in ill or of in waiting}


def _drafts(turn: Turn, told: dict[str, datetime]) -> Notice | None:
    """Tell of the drafts that wait and were not told yet."""
    new = [one for one in turn.state.drafts if one.status is Status.OPEN and f"{_DRAFT}{one.key}" not in told]
    if not new:
        return None
    by_account = {one.account: sum(other.account == one.account for other in new) for one in new}
    places = ", ".join(f"{number} in {account}" for account, number in by_account.items())
    title = "A draft waits for you" if len(new) == 1 else f"{len(new)} drafts wait for you"
    text = f"In Drafts: {places}. Change what you like, and send what you like."
    return Notice(title, text, tuple(f"{_DRAFT}{one.key}" for one in new))


def _accounts(turn: Turn, told: dict[str, datetime]) -> Notice | None:
    """Tell which accounts only the user can mend: at once, then once a day."""
    enabled = {one.name for one in turn.settings.accounts if one.enabled}
    ill = [
        one
        for one in turn.state.side().accounts
        if one.health in {"needs-login", "refused"} and one.name in enabled
        and _is_time(told.get(f"{_ACCOUNT}{one.name}"), turn.now)
    ]  # fmt: skip
    if not ill:
        return None
    lines = [
        f"{one.name}: sign in again with auld login {quote(one.name)}"
        if one.health == "needs-login"
        else f"{one.name}: cannot be read; auld status says why"
        for one in ill
    ]
    title = "An account needs you" if len(ill) == 1 else f"{len(ill)} accounts need you"
    return Notice(title, "\n".join(lines), tuple(f"{_ACCOUNT}{one.name}" for one in ill))


def _is_time(last: datetime | None, now: datetime) -> bool:
    """Tell whether to tell again; a clock that was set back, so that `last` is ahead, must not make it silent."""
    return last is None or now - last >= AGAIN or last > now
