"""`auld check`: everything that can be wrong, a line each, and what to do."""

from functools import partial

from connectors.base import Finding
from daemon.cli.checks.accounts import accounts_found
from daemon.cli.checks.files import config_found, files_found
from daemon.cli.checks.guard import guarded
from daemon.cli.checks.machine import clock_found, disk_found, templates_found
from daemon.cli.checks.remembered import state_found
from daemon.cli.checks.service import rounds_found, units_found
from daemon.cli.options import CONFIG, DONE, NEEDS_USER
from daemon.cli.output import count, fold, plain, print_json, say
from daemon.cli.session import Session
from daemon.config import ConfigError

_LOOKS = {
    "config file": config_found,
    "accounts": accounts_found,
    "clock": clock_found,
    "disk": disk_found,
    "templates": templates_found,
    "files": files_found,
    "state": state_found,
    "service": units_found,
    "rounds": rounds_found,
}


def check(session: Session, *, as_json: bool) -> int:
    """Print the findings; 1 when something needs the user, 78 when the config is wrong."""
    findings: list[Finding] = []
    code = DONE
    try:
        settings = session.settings
    except ConfigError as err:
        fix = f"mend {err.path}" if err.path.exists() else "auld init"
        findings += [Finding("config", "fail", str(problem), fix) for problem in err.problems]
        code = CONFIG
    else:
        findings.append(Finding("config", "ok", f"{session.config_path}: {count(len(settings.accounts), 'account')}"))
        for name, look in _LOOKS.items():
            findings += guarded(name, partial(look, session))
    if as_json:
        print_json([{"name": one.name, "result": one.result, "detail": one.detail, "fix": one.fix} for one in findings])
    else:
        for one in findings:
            print(fold(f"{one.result:<4}  {plain(one.name, 60)}: {plain(one.detail, 600)}", " " * 6))
            if one.fix:
                print(fold(f"      → {plain(one.fix, 600)}", " " * 8))
    failed = sum(one.result == "fail" for one in findings)
    if failed and not as_json:
        say(f"{count(failed, 'thing')} to mend.")
    return code or (NEEDS_USER if failed else DONE)
