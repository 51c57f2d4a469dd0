"""The desktop's notifications, by the D-Bus service that every desktop has. This module alone knows D-Bus.

https://specifications.freedesktop.org/notification-spec/latest/protocol.html
"""

import html
import logging
import os
from collections.abc import Mapping
from typing import Any, Final

log = logging.getLogger(__name__)

BUS: Final = "DBUS_SESSION_BUS_ADDRESS"
_NAME: Final = "org.freedesktop.Notifications"
_PATH: Final = "/org/freedesktop/Notifications"
_PATIENCE: Final = 5.0  # seconds; a desktop answers at once
_SERVERS_CHOICE: Final = -1  # how long it is shown


def show(title: str, body: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Show a notification; return whether there was a desktop to show it on. `body` is plain text."""
    address = environ.get(BUS)
    if not address:
        return False
    from jeepney import DBusAddress  # noqa: PLC0415 -- rarely is there anything to show
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

    server = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
    try:
        with open_dbus_connection(address) as bus:
            (capabilities,) = _call(bus, server, "GetCapabilities", None, ())
            shown = html.escape(body, quote=False) if "body-markup" in capabilities else body
            hints = {"urgency": ("y", 1), "category": ("s", "email"), "desktop-entry": ("s", "auld")}
            values: tuple[object, ...] = ("auld", 0, "mail-drafts", title, shown, [], hints, _SERVERS_CHOICE)
            _call(bus, server, "Notify", "susssasa{sv}i", values)
    except Exception as err:  # noqa: BLE001 -- whatever a bus or desktop does, a round is not to end of it
        log.info("no notification could be shown: %s", str(err) or type(err).__name__)
        return False
    return True


def _call(bus: Any, server: Any, method: str, signature: str | None, values: tuple[object, ...]) -> Any:  # noqa: ANN401
    from jeepney import new_method_call  # noqa: PLC0415
    from jeepney.wrappers import unwrap_msg  # noqa: PLC0415

    message = new_method_call(server, method, signature, values)
    return unwrap_msg(bus.send_and_get_reply(message, timeout=_PATIENCE))
