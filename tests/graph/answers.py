"""What goes back over the wire, and how Graph and the sign-in word a refusal."""

from typing import Final

from tests.google.answers import HTML, Json, Pairs, Refusal, Reply, json

REQUEST: Final = "8d21b2d7-0f5c-4f0e-9d3e-6b1f4d9c2a10"  # every answer's request-id: nothing may hang on it
HTML_PAGE: Final = (
    "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><h2>{title}</h2>{text}</body></html>"
)


def error(status: int, code: str, message: str, headers: Pairs = ()) -> Reply:
    """Return an error as Graph words it."""
    inner = {"date": "2026-10-01T09:30:00", "request-id": REQUEST, "client-request-id": REQUEST}
    return json({"error": {"code": code, "message": message, "innerError": inner}}, status, headers)


def page(status: int, title: str, text: str = "") -> Reply:
    """Return an HTML page as a front end shows it."""
    return Reply(status, HTML_PAGE.format(title=title, text=text).encode(), HTML)


def bad(message: str, code: str = "BadRequest") -> Refusal:
    """Return the refusal of an argument."""
    return Refusal(error(400, code, message))


def missing() -> Refusal:
    """Return the refusal of an id that nothing has."""
    return Refusal(error(404, "ErrorItemNotFound", "The specified object was not found in the store."))


def denied() -> Refusal:
    """Return the refusal of a token without the scope."""
    return Refusal(error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."))


def conflict() -> Refusal:
    """Return the refusal of an If-Match that does not hold."""
    text = (
        "The send or update operation could not be performed because the change key passed in the request does not "
        "match the current change key for the item."
    )
    return Refusal(error(412, "ErrorIrresolvableConflict", text))


def unknown(what: str) -> Refusal:
    """Return the refusal of what this fake lacks."""
    return Refusal(error(501, "NotImplemented", f"{what} is not part of this fake."))


def signin_error(status: int, name: str, code: int, text: str, suberror: str = "") -> Reply:
    """Return an error as the token endpoint words it: `code` is the AADSTS number."""
    told: Json = {
        "error": name,
        "error_description": f"AADSTS{code}: {text} Trace ID: {REQUEST} Correlation ID: {REQUEST} "
        "Timestamp: 2026-10-01 09:30:00Z",
        "error_codes": [code],
        "timestamp": "2026-10-01 09:30:00Z",
        "trace_id": REQUEST,
        "correlation_id": REQUEST,
    }
    if suberror:
        told["suberror"] = suberror
    return json(told, status)
