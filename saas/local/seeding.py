"""What the demo shows: two made-up associations, their manager and owners, made by operator commands."""

import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saas.local.addresses import CHECKOUT
from saas.local.children import Children, threads
from saas.local.visitor import set_own_password, wait_for_web

MANAGER_EMAIL = "marek.wojcik@example.org"
MANAGER_NAME = "Marek Wójcik"


@dataclass(frozen=True, slots=True)
class DemoOwner:
    """A person of a sample set and the premises they hold or held."""

    person: str
    premises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoAssociation:
    """One sample set and whom it gives a login."""

    slug: str
    name: str
    kind: str
    nip: str
    office: tuple[str, ...]
    sample: Path
    owners: tuple[DemoOwner, ...]


ASSOCIATIONS = (
    DemoAssociation(
        slug="osiedle-sloneczne",
        name="Spółdzielnia Mieszkaniowa „Osiedle Słoneczne”",
        kind="cooperative",
        nip="1234563218",
        office=(
            *("--office-address", "ul. Słoneczna 3, 25-100 Kielce, pokój 3"),
            *("--office-hours", "pon. 8:00–17:00, wt.–pt. 8:00–15:00"),
            *("--office-phone", "41 555 01 03"),
            *("--office-email", "biuro@osiedle-sloneczne.example"),
        ),
        sample=CHECKOUT / "samples" / "spoldzielnia",
        owners=(
            DemoOwner("17000410", ("0402-011",)),
            DemoOwner("17000200", ("0401-020",)),  # spouses who hold the flat together
            DemoOwner("17000201", ("0401-020",)),
            DemoOwner("17000220", ("0401-022",)),  # sold it on 31.10.2025
            DemoOwner("17000221", ("0401-022",)),  # bought it
        ),
    ),
    DemoAssociation(
        slug="lipowa-12",
        name="Wspólnota Mieszkaniowa Lipowa 12",
        kind="community",
        nip="5260001246",
        office=(
            *("--office-address", "ul. Ogrodowa 7, 26-600 Radom"),
            *("--office-hours", "wt. i czw. 10:00–17:00"),
            *("--office-phone", "48 555 02 07"),
            *("--office-email", "zarzad@lipowa-12.example"),
        ),
        sample=CHECKOUT / "samples" / "wspolnota",
        owners=(
            DemoOwner("18000010", ("1",)),
            DemoOwner("18000210", ("21", "G1", "G2", "G3")),
            DemoOwner("18000200", ("20",)),  # spouses
            DemoOwner("18000201", ("20",)),
        ),
    ),
)


def migrate(children: Children, *, is_first: bool) -> None:
    """Bring the shared tables, then those of associations that are there, to the program's state."""
    with threads(children) as pool:
        for command in ["migrate_public"] if is_first else ["migrate_public", "migrate_associations"]:
            pool.submit(run_operator, children, command).result()


def seed(children: Children, *, port: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Make everything that the demo shows and return what demo.json says about it.

    The figures come in by the real way: uploaded, read and checked by the running worker, published.
    """
    password = secrets.token_urlsafe(12)
    with threads(children) as pool:
        manager = pool.submit(create_manager, children, password)
        tenants = list(pool.map(lambda one: create_association(children, one), ASSOCIATIONS))
        manager.result()
        grants = [pool.submit(grant_manager, children, one.slug) for one in ASSOCIATIONS]
        say("importing the sample files …")
        list(pool.map(lambda one: import_sample(children, one), ASSOCIATIONS))
        for grant in grants:
            grant.result()
        say("letting owners in …")
        wait_for_web(port)
        for tenant, one in zip(tenants, ASSOCIATIONS, strict=True):
            entries = [pool.submit(let_in, children, one, owner, port) for owner in one.owners]
            tenant["owners"] = [entry.result() for entry in entries]
    demo = {"apex": "", "manager": {"email": MANAGER_EMAIL, "password": password}, "associations": tenants}
    return with_addresses(demo, port)


def run_operator(children: Children, command: str, *arguments: str | Path, stdin: str | None = None) -> str:
    """One `manage.py` command; raises CommandFailedError with what it said."""
    words = [sys.executable, "manage.py", command, *map(str, arguments)]
    return children.run_command(*words, stdin=stdin)


def create_manager(children: Children, password: str) -> None:
    """The manager who works in both associations."""
    arguments = (MANAGER_EMAIL, "--name", MANAGER_NAME, "--password-stdin")
    run_operator(children, "create_manager", *arguments, stdin=f"{password}\n")


def create_association(children: Children, one: DemoAssociation) -> dict[str, Any]:
    """The empty association; its entry in demo.json."""
    arguments = ("--name", one.name, "--slug", one.slug, "--kind", one.kind, "--nip", one.nip)
    run_operator(children, "create_association", *arguments, *one.office)
    return {"slug": one.slug, "url": "", "owners": []}


def grant_manager(children: Children, slug: str) -> None:
    """Let the manager in."""
    run_operator(children, "grant_manager", MANAGER_EMAIL, slug, "--role", "manager")


def import_sample(children: Children, one: DemoAssociation) -> None:
    """Upload the sample folder as one package and publish it."""
    run_operator(children, "import_files", one.slug, one.sample, "--publish", "--json")


def let_in(children: Children, one: DemoAssociation, owner: DemoOwner, port: int) -> dict[str, Any]:
    """A login for one person: the office issues a starter password, the owner sets one of their own."""
    said = run_operator(children, "issue_starter_password", one.slug, owner.person, "--json")
    issued = json.loads(said)
    own = secrets.token_urlsafe(12)
    host = f"{one.slug}.localhost"
    set_own_password(host, port, login=issued["login"], starter=issued["password"], own=own)
    return {"login": issued["login"], "password": own, "premises": list(owner.premises)}


def with_addresses(demo: dict[str, Any], port: int) -> dict[str, Any]:
    """The same with the addresses of this run: the port may differ from the first one's."""
    tenants = [{**one, "url": f"http://{one['slug']}.localhost:{port}/"} for one in demo["associations"]]
    return {**demo, "apex": f"http://localhost:{port}/", "associations": tenants}
