"""The config file: where it lies, what it says, what is wrong with it, and the text of a new one.

Decides nothing about people or mail; what the settings mean stands with the rooms that use them.
"""

from daemon.config.answers import CIRCLES, ONLINE, Answers, Friend, Online
from daemon.config.display import show
from daemon.config.guesses import guess_answers
from daemon.config.newfile import new_accounts, new_config
from daemon.config.places import find_config, find_state
from daemon.config.problems import ConfigError, Problem
from daemon.config.reading import load, read, understand
from daemon.config.schema import schema

__all__ = [
    "CIRCLES",
    "ONLINE",
    "Answers",
    "ConfigError",
    "Friend",
    "Online",
    "Problem",
    "find_config",
    "find_state",
    "guess_answers",
    "load",
    "new_accounts",
    "new_config",
    "read",
    "schema",
    "show",
    "understand",
]
