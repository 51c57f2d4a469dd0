"""Which accounts are not read, in words: to be said before any list is trusted."""

from shlex import quote

from daemon.health import health_of
from daemon.settings import Settings
from daemon.state import State


def unread(state: State, settings: Settings) -> tuple[str, ...]:
    """Return a sentence for each enabled account that could not be read, or whose first read is not through."""
    if not settings.accounts:
        return ("the config has no account yet: auld init asks for one",)
    health = {one.name: one for one in state.side().accounts}
    sentences = []
    for one in settings.accounts:
        if not one.enabled:
            continue
        kept = state.account(one.name)
        last = health_of(one, health.get(one.name), state.store.folder)
        if last is not None and last.health != "ok":
            tried = f"could not be read ({last.health}):" if last.read_at is not None else "is not read yet."
            sentences.append(f'account "{one.name}" {tried} {last.detail}')
        elif last is None and kept.mail_cursor is None:
            sentences.append(f'account "{one.name}" is not read yet: auld sync')
        elif not (kept.mail_through and kept.calendar_through):
            sentences.append(f'the first read of account "{one.name}" is not through; auld sync {quote(one.name)}')
    return tuple(sentences)
