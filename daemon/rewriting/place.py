"""Where a text may go to be rewritten: https, or this machine. Pure."""

from typing import Final
from urllib.parse import urlsplit

from connectors.places import check_place

_PATH: Final = "/chat/completions"  # https://platform.openai.com/docs/api-reference/chat/create
_PLACE: Final = (
    'write it like "https://models.example.com/v1", or "http://127.0.0.1:11434/v1" on this machine, without a user, a '
    'password or a "?"'
)


def check_url(url: str) -> str:
    """Return the address that is asked for a server's `url`.

    Raises:
        ValueError: a text may not go there; the message says what to write, and nothing of the url.
    """
    try:
        address = check_place(url).rstrip("/") + _PATH
    except ValueError:
        raise ValueError(_PLACE) from None
    if "@" in urlsplit(url).netloc:
        raise ValueError(_PLACE)
    return address
