"""Mails for the tests of the fake, and how a refusal reads."""

import importlib
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.google.answers import Json

MORNING = datetime(2026, 9, 1, 8, tzinfo=UTC)


def letter(number: int, subject: str = "", answers: int | None = None, sender: str = "anna@example.org") -> bytes:
    """Return mail `number`, an hour after the one before; `answers` is the number of the mail it replies to."""
    at = MORNING + timedelta(hours=number)
    reply = (
        "" if answers is None else f"In-Reply-To: <m{answers}@example.org>\r\nReferences: <m{answers}@example.org>\r\n"
    )
    return (
        f"From: Anna Adler <{sender}>\r\nTo: robin@example.com\r\nSubject: {subject or f'Letter {number}'}\r\n"
        f"Date: {at:%a, %d %b %Y %H:%M:%S +0000}\r\nMessage-ID: <m{number}@example.org>\r\n{reply}\r\nHello\r\n"
    ).encode()


def raw(source: bytes, thread: str | None = None) -> Json:
    """Return the body of a draft."""
    message = {"raw": urlsafe_b64encode(source).decode()}
    return {"message": message if thread is None else message | {"threadId": thread}}


def refused(request: Any) -> tuple[int, str, str]:
    """Execute what must be refused; return the status, Google's reason and Google's message."""
    failure = importlib.import_module("googleapiclient.errors").HttpError
    with pytest.raises(failure) as caught:
        request.execute()
    told = orjson.loads(caught.value.content)["error"]
    return caught.value.resp.status, told["errors"][0]["reason"], told["message"]
