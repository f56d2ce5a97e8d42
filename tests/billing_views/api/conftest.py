"""Programs of staff: each with a token of its own, and a client that sends nothing but the token."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from associations.audit.actors import SYSTEM
from associations.imports.models import BatchState, ImportBatch
from saas.staff.actions import create_staff
from saas.staff.granting import grant_access
from saas.staff.models import ApiToken, StaffUser
from saas.staff.tokens import create_token
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.workspace.conftest import make_summary

BALANCES = b"Kod lokalu;Fundusz;Saldo;Stan na\n0401-001;podstawowy;12,00;31.10.2026\n"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@dataclass(frozen=True)
class Program:
    """What an accounting program knows: an association's address and a secret."""

    user: StaffUser
    token: ApiToken
    secret: str
    slug: str = "sloneczna"

    def ask(self, method: str, path: str = "", **sent: Any) -> Any:
        """One request; `path` below the association's imports."""
        client = Client(headers={"host": "localhost", "authorization": f"Bearer {self.secret}"})
        address = f"/api/v1/associations/{self.slug}/imports/{path}"
        return getattr(client, method)(address, **sent)

    def get(self, path: str = "", **sent: Any) -> Any:
        return self.ask("get", path, **sent)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.ask("post", path, data=data or {}, content_type="application/json")

    def upload(self, *files: tuple[str, bytes], key: str = "", **fields: str) -> Any:
        uploads = [SimpleUploadedFile(name, content) for name, content in files]
        return self.ask(
            "post",
            data={"files": uploads, **fields},
            headers={
                "host": "localhost",
                "authorization": f"Bearer {self.secret}",
                **({"idempotency-key": key} if key else {}),
            },
        )


MakeProgram = Callable[..., Program]


@pytest.fixture
def make_program() -> MakeProgram:
    """Makes a member of staff with a role, and a token of theirs; ask for `db` or `committed_db` too."""

    def make(
        *associations: AssociationRef,
        role: str = "manager",
        may_publish: bool = True,
        grant_publishes: bool = False,
    ) -> Program:
        number = StaffUser.objects.count()
        user = create_staff(actor=SYSTEM, email=f"program{number}@example.org", name="Anna Kowalska")
        for association in associations:
            grant_access(
                actor=SYSTEM, user=user, association=association, role=role, may_publish=grant_publishes
            )
        made = create_token(
            actor=SYSTEM,
            user=user,
            name="Program księgowy",
            slugs=[association.slug for association in associations],
            days=30,
            may_publish=may_publish,
        )
        return Program(user, made.token, made.secret)

    return make


@pytest.fixture
def program(db: None, sloneczna: AssociationRef, make_program: MakeProgram) -> Program:
    """The program of the cooperative's manager, allowed to publish."""
    return make_program(sloneczna)


MakeBatch = Callable[..., ImportBatch]


@pytest.fixture
def make_batch(sloneczna: AssociationRef) -> MakeBatch:
    """Makes a batch of the cooperative in the state asked for."""

    def make(
        state: BatchState = BatchState.READY, *, association: AssociationRef | None = None, **fields: Any
    ) -> ImportBatch:
        with enter_association(association or sloneczna):
            return ImportBatch.objects.create(
                state=state, created_by_name="Marek Wójcik", **{"summary": make_summary(), **fields}
            )

    return make
