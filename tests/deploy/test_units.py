"""systemd's units: systemd itself finds nothing wrong, and they run what compose runs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from saas.local.addresses import CHECKOUT
from tests.deploy.composed import DEPLOY, own_services

UNITS = sorted((DEPLOY / "systemd").iterdir())
IGNORED = {"--bind", "127.0.0.1:%i", "/usr/bin/env", "sh", "-c"}
BIN = "/opt/kartoteka/current/.venv/bin"


def commands_of(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart=")]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    """With this checkout where the program would be; a template is verified by an instance of it."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(BIN, str(Path(sys.executable).parent))
        text = text.replace("/opt/kartoteka/current", str(CHECKOUT))
        (tmp_path / unit.name).write_text(
            text.replace("User=kartoteka\nGroup=kartoteka\n", ""), encoding="utf-8"
        )
    named = [str(tmp_path / unit.name.replace("@.", "@8001.")) for unit in UNITS]
    (tmp_path / "kartoteka-web@8001.service").symlink_to(tmp_path / "kartoteka-web@.service")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *named],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    ours = [line for line in done.stderr.splitlines() if "kartoteka" in line]
    assert ours == []


def test_units_run_the_commands_of_compose() -> None:
    """But for the port, the place of the program and the variables of the two workers."""
    composed = {" ".join(one["command"]) for one in own_services().values()}
    steps = {step.strip().replace('"', "") for one in composed for step in one.split("&&")}
    found = set()
    for unit in UNITS:
        for command in commands_of(unit):
            words = [
                word for word in command.replace(f"{BIN}/", "").split() if "=" not in word or word[:2] == "--"
            ]
            found.add(" ".join(words).replace("%H", "%h"))

    assert {normal(one) for one in found} == {normal(one) for one in steps}


def normal(command: str) -> frozenset[str]:
    return frozenset(word for word in command.split() if word not in IGNORED)


def test_the_target_wants_every_service_that_stays() -> None:
    wanted = (DEPLOY / "systemd" / "kartoteka.target").read_text(encoding="utf-8")

    for unit in UNITS:
        if unit.suffix == ".service" and "migrate" not in unit.name:
            assert unit.name.replace("@.", "@8001.") in wanted
            assert "PartOf=kartoteka.target" in unit.read_text(encoding="utf-8")
