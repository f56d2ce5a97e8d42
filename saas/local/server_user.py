"""Who runs the embedded servers, and the folders that are theirs.

PostgreSQL refuses to run as root: root hands the servers to an unprivileged user who exists on every
system. A folder's mode or owner is set once, by whoever creates it; what stood before is never touched.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saas.local.addresses import CHECKOUT, Instance


class LocalServerError(Exception):
    """An embedded server that cannot be used, in a sentence for whoever started it."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user of an instance's servers; `is_other` where it is not the one who starts them."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def popen_arguments(self, home: Path) -> dict[str, Any]:
        """How subprocess starts a program as this user, in a folder the user may enter."""
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))
        }
        environment |= {"LC_ALL": "C", "HOME": str(home)}
        arguments: dict[str, Any] = {"cwd": home, "env": environment, "stdin": subprocess.DEVNULL}
        arguments["start_new_session"] = True  # a Ctrl-C at the terminal is the starter's to deal with
        if self.is_other:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def run(self, command: Sequence[str | Path], *, home: Path, timeout: float = 120) -> str:
        """Run a short command as this user and return what it said; a failure raises with that."""
        finished: subprocess.CompletedProcess[str] = subprocess.run(
            [str(word) for word in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
            **self.popen_arguments(home),
        )
        if finished.returncode:
            raise LocalServerError(f"{Path(command[0]).name} failed: {finished.stdout.strip()}")
        return finished.stdout


def choose_user(instance: Instance) -> ServerUser:
    """Whoever owns the instance already; else the starter, or for root an unprivileged user."""
    if instance.home.exists():
        owner = instance.home.stat()
        if os.geteuid() not in (0, owner.st_uid):
            raise LocalServerError(f"{instance.home} belongs to another user; make demo-reset as that user")
        if owner.st_uid != 0:
            return ServerUser(uid=owner.st_uid, gid=owner.st_gid)
    if os.geteuid() != 0:
        return ServerUser(uid=os.geteuid(), gid=os.getegid())
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(uid=entry.pw_uid, gid=entry.pw_gid)
    raise LocalServerError("PostgreSQL does not run as root, and there is no user nobody to run it")


def prepare_folders(instance: Instance, user: ServerUser) -> None:
    """Create the instance's folders where they are missing: private to the server's user (and root)."""
    if instance.base.parent == CHECKOUT or instance.base.exists():
        require_own(instance.base)
    make_folder(instance.base, mode=0o755)
    for folder in (instance.home, instance.sockets):
        make_folder(folder, mode=0o700, user=user)
        if folder.stat().st_uid != user.uid or folder.is_symlink():
            raise LocalServerError(f"{folder} belongs to somebody else; remove it and start again")


def make_folder(folder: Path, *, mode: int, user: ServerUser | None = None) -> None:
    """Create one folder with exactly this mode and owner; an existing one stays as it is."""
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        return
    folder.chmod(mode)  # mkdir's mode is narrowed by the umask
    if user and user.is_other:
        os.chown(folder, user.uid, user.gid)


def require_own(folder: Path) -> None:
    """Refuse a folder in a shared place (/var/tmp) that another user has put there."""
    if not os.path.lexists(folder):
        return
    found = folder.lstat()
    in_shared_place = folder.parent != CHECKOUT
    if in_shared_place and (folder.is_symlink() or found.st_uid != os.geteuid()):
        raise LocalServerError(f"{folder} belongs to somebody else; remove it and start again")
