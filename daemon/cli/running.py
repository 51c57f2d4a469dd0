"""The command `auld run`: the service, in the foreground."""

import os
import sys

from daemon.cli.options import Options
from daemon.cli.output import say
from daemon.service.child import Child, Limits
from daemon.service.clock import MachineClock
from daemon.service.diary import open_diary
from daemon.service.ears import Signals
from daemon.service.loop import NotStarted, Service, beat
from daemon.service.manager import Manager
from daemon.service.orders import Order


def run(options: Options) -> int:
    """Serve until told to stop."""
    os.umask(0o077)
    clock, ears, manager = MachineClock(options.now), Signals(), Manager(os.environ)
    open_diary(sys.stderr, os.environ, verbose=options.verbose)
    child = Child(clock, ears, lambda: beat(manager), Limits())
    try:
        return Service(clock, ears, manager, child, Order(options.config, options.state, options.verbose)).serve()
    except NotStarted as err:
        if err.exit_code:
            say(f"auld: {err}")
        return err.exit_code
