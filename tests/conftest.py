"""Examples are not timed: a busy machine is no fault of the code. And nothing pops up on the desktop of who tests."""

import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
