"""The user at the browser, for the tests of signing in."""

import threading
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import requests

Visit = Callable[[str], object]


def agree(address: str) -> None:
    """Do what the consent page asks; Google sends the browser back."""
    requests.get(address, timeout=5)


def nobody(address: str) -> None:
    """Close the page."""


class Browser:
    """A `Prompt` whose user does `visit` with the address, in a thread of its own."""

    patience = timedelta(minutes=5)
    browser = True

    def __init__(self, visit: Visit = agree) -> None:
        self.visit = visit
        self.said: list[str] = []
        self.addresses: list[str] = []
        self.failed: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def browse(self, address: str) -> None:
        self.addresses.append(address)
        thread = threading.Thread(target=self._go, args=(address,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def show_code(self, address: str, code: str) -> None:
        raise AssertionError(f"{code} is to be entered at {address}, though there is a browser")

    def _go(self, address: str) -> None:
        try:
            self.visit(address)
        except BaseException as err:  # noqa: BLE001 -- shown by `close`
            self.failed.append(err)

    def close(self) -> None:
        """Wait until the browser is done; nothing may have failed there."""
        for thread in self._threads:
            thread.join(5)
        assert self.failed == []

    @property
    def asked(self) -> dict[str, str]:
        """The parameters of the consent page that was opened last."""
        return parameters(self.addresses[-1])


def parameters(address: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


class Hurried:
    """A clock on which a second passes at each look."""

    def __init__(self, step: float = 1.0) -> None:
        self.now = 0.0
        self.step = step

    def __call__(self) -> float:
        self.now += self.step
        return self.now
