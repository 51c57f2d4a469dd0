"""Secrets of an account (tokens) as files of the state folder, readable to the user alone, encrypted if there is a key.

The key comes from systemd (the credential ``auld-key``) or lies in the desktop's keyring. Neither is touched, and
nothing slow is imported, before a secret is read or written.
"""

from daemon.secrets.errors import KeyMissing, SecretsError, SignInLost
from daemon.secrets.files import FileSecrets
from daemon.secrets.keys import Keys, shared_keys
from daemon.secrets.looking import protection

__all__ = ["FileSecrets", "KeyMissing", "Keys", "SecretsError", "SignInLost", "protection", "shared_keys"]
