"""The sample mailbox behind `auld demo`: fictional people, written to disk as a real archive.

Nothing else in the program knows of it: the main job reads these files by their config, as it reads any other's.
"""

from daemon.demo.archive import Demo, build

__all__ = ["Demo", "build"]
