"""A manager's browser at the apex, colleagues in other roles, and batches in any state."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associations.imports.models import BatchState, ImportBatch, ImportFile
from saas.staff.models import Grant, StaffUser
from saas.tenancy.switching import AssociationRef, enter_association

BACKEND = "saas.staff.backends.StaffBackend"


@dataclass(frozen=True)
class Visit:
    """A browser of somebody who is signed in at the apex."""

    client: Client
    user: StaffUser

    def get(self, path: str, **extra: Any) -> Any:
        return self.client.get(path, **extra)

    def post(self, path: str, data: dict[str, Any] | None = None, **extra: Any) -> Any:
        return self.client.post(path, data or {}, **extra)

    def text(self, path: str) -> str:
        """The page as text; its status must be 200."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())


SignIn = Callable[..., Visit]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Signs somebody in with a grant for each association named."""

    def visit(*associations: AssociationRef, role: str = "manager", may_publish: bool = False) -> Visit:
        number = StaffUser.objects.count()
        user = StaffUser.objects.create(
            email=f"osoba{number}@example.org",
            name="Marek Wójcik",
            totp_seed="seed",
            totp_confirmed_at=timezone.now(),
        )
        for association in associations:
            Grant.objects.create(user=user, association_id=association.id, role=role, may_publish=may_publish)
        client = Client(headers={"host": "localhost"})
        client.force_login(user, backend=BACKEND)
        return Visit(client, user)

    return visit


@pytest.fixture
def manager(sign_in: SignIn, sloneczna: AssociationRef) -> Visit:
    """The manager of the cooperative, and of nothing else."""
    return sign_in(sloneczna)


@pytest.fixture
def count_queries() -> Callable[[], Any]:
    """How many queries a block takes; switching between schemas is not counted."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        found: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield found
        found.extend(query["sql"] for query in captured.captured_queries if "search_path" not in query["sql"])

    return counted


def make_summary(**changes: Any) -> dict[str, Any]:
    """The summary of a checked batch of postings: 3 new rows, 1 changed."""
    figures = {
        "dataset": "postings",
        "label": "Księgowania",
        "rows": 5,
        "new": 3,
        "changed": 1,
        "same": 1,
        "gone": 0,
        "premises": 2,
        "period": ["2026-10-01", "2026-10-01"],
        "parts": ["204-1"],
        "notes": ["Plik zawiera tylko konto 204-1; konto 204-2 zostaje bez zmian."],
        "totals": [
            {
                "label": "Obciążenia",
                "in_file": "20118.32",
                "after": "18901.02",
                "difference": "-1217.30",
                "file_total": None,
            }
        ],
    }
    return {
        "datasets": [figures],
        "premises_with_errors": [],
        "can_publish": True,
        "can_publish_without": False,
        "is_unchanged": False,
        **changes,
    }


MakeBatch = Callable[..., ImportBatch]


@pytest.fixture
def make_batch(db: None, sloneczna: AssociationRef) -> MakeBatch:
    """Makes a batch of the cooperative, with one file, in the state asked for."""

    def make(
        state: BatchState = BatchState.READY, *, association: AssociationRef | None = None, **fields: Any
    ) -> ImportBatch:
        with enter_association(association or sloneczna):
            batch = ImportBatch.objects.create(
                state=state, created_by_name="Marek Wójcik", **{"summary": make_summary(), **fields}
            )
            ImportFile.objects.create(
                batch=batch,
                number=1,
                name="ksiegowania-2026-10.csv",
                size=431_000,
                sha256="0" * 64,
                stored_as=f"imports/{batch.pk}/1",
            )
        return batch

    return make
