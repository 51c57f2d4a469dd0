"""The sample mailbox behind `auld demo`: fictional people, written to disk as a real archive that is read like any other.

Nothing else in the program knows of it: the main job runs over these files by their config, with no special path.
"""

from daemon.demo.archive import Demo, build

__all__ = ["Demo", "build"]
