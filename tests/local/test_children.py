"""The supervisor's processes: real ones, with descendants that do not want to end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from saas.local.addresses import CHECKOUT
from saas.local.children import Children, CommandFailedError, threads
from saas.local.processes import command_of
from saas.local.server_user import LocalServerError

# A service whose descendant ignores every polite request.
STUBBORN = """
import pathlib, signal, subprocess, sys, time
child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
grandchild = subprocess.Popen([sys.executable, "-c", child])
pathlib.Path(sys.argv[1]).write_text(f"{grandchild.pid}\\n")
time.sleep(600)
"""


def wait_for(condition: Callable[[], object], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    made = Children(folder=tmp_path, environment=os.environ, logs=tmp_path)
    yield made
    made.stop()


@pytest.fixture
def grandchild(children: Children, tmp_path: Path) -> int:
    file = tmp_path / "grandchild"
    children.start_service("stubborn", [sys.executable, "-c", STUBBORN, str(file)])
    wait_for(lambda: file.exists() and file.read_text().endswith("\n"))
    return int(file.read_text())


def test_stop_ends_a_service_and_a_descendant_that_refuses(children: Children, grandchild: int) -> None:
    leader = children.services[0].process.pid
    assert command_of(leader)
    assert command_of(grandchild)

    children.stop()

    wait_for(lambda: (command_of(leader), command_of(grandchild)) == ("", ""))


def test_a_killed_service_is_started_again_without_its_orphans(children: Children, grandchild: int) -> None:
    former = children.services[0].process
    former.kill()
    wait_for(lambda: former.poll() is not None)

    assert children.revive() == ["stubborn"]

    wait_for(lambda: command_of(grandchild) == "")
    assert children.services[0].process.poll() is None
    assert children.revive() == []


def test_a_service_that_never_stays_up_is_given_up_with_its_last_words(children: Children) -> None:
    children.start_service("broken", [sys.executable, "-c", "import sys; sys.exit('no such setting')"])

    with pytest.raises(LocalServerError, match=r"broken does not stay up:\n.*no such setting"):
        for _ in range(3):
            children.services[0].process.wait()
            children.revive()


def test_a_command_returns_what_it_prints_and_reads_what_it_is_given(children: Children) -> None:
    said = children.run_command(sys.executable, "-c", "print(input()[::-1])", stdin="hasło\n")

    assert said == "ołsah\n"


def test_a_failed_command_raises_with_everything_it_said(children: Children) -> None:
    script = "import sys; print('one'); sys.exit('two')"

    with pytest.raises(CommandFailedError, match=r"failed \(1\):\none\ntwo"):
        children.run_command(sys.executable, "-c", script)


def test_nothing_is_started_once_everything_is_being_stopped(children: Children) -> None:
    children.stop()

    with pytest.raises(CommandFailedError, match="stopped"):
        children.run_command(sys.executable, "-c", "")


SUPERVISOR = """
import os, pathlib, sys, time
from saas.local.children import Children
from saas.local.stopping import StopRequestedError, StopSignal
stop = StopSignal()
folder = pathlib.Path(sys.argv[1])
children = Children(folder=folder, environment=os.environ, logs=folder)
try:
    with stop.held():
        children.start_service("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"])
        (folder / "pid").write_text(f"{children.services[0].process.pid}\\n")
        time.sleep(float(sys.argv[2]))
    time.sleep(600)
except StopRequestedError:
    children.stop()
    print("stopped in order", flush=True)
"""


def supervise(folder: Path, *, hold: float) -> tuple[subprocess.Popen[str], int]:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(folder), str(hold)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    file = folder / "pid"
    wait_for(lambda: file.exists() and file.read_text().endswith("\n"))
    return supervisor, int(file.read_text())


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("hold", [0, 0.5])
def test_every_way_of_asking_stops_in_order_however_often_it_is_asked(
    tmp_path: Path, sign: signal.Signals, hold: float
) -> None:
    supervisor, child = supervise(tmp_path, hold=hold)

    for _ in range(3):
        supervisor.send_signal(sign)
    said, _ = supervisor.communicate(timeout=20)

    assert (said, supervisor.returncode) == ("stopped in order\n", 0)
    assert command_of(child) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells a child of its parent's death")
def test_a_killed_supervisor_takes_its_services_along(tmp_path: Path) -> None:
    supervisor, child = supervise(tmp_path, hold=0)
    assert command_of(child)

    supervisor.kill()
    supervisor.communicate()

    wait_for(lambda: command_of(child) == "")


def test_a_failure_ends_the_commands_that_run_beside_it(children: Children, tmp_path: Path) -> None:
    script = "import os, pathlib, time; pathlib.Path('pid').write_text(f'{os.getpid()}\\n'); time.sleep(600)"
    file = tmp_path / "pid"

    with pytest.raises(ZeroDivisionError), threads(children) as pool:
        endless = pool.submit(children.run_command, sys.executable, "-c", script)
        wait_for(lambda: file.exists() and file.read_text().endswith("\n"))
        raise ZeroDivisionError

    assert isinstance(endless.exception(), CommandFailedError)
    assert command_of(int(file.read_text())) == ""
