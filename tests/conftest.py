"""Examples are not timed: a busy machine is no fault of the code. And nothing pops up on the desktop of who tests."""

import os
import signal
import threading

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)

# A shell lets what it starts in the background ignore Ctrl-C, and so would the programs that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
