"""A month as an accounting program lives it: upload, wait, look at problems, publish, undo; with the real worker's loop."""

from pathlib import Path

from associations.ledger.models import Posting
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.api.conftest import MakeProgram
from workers.running import run_one_job

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "wspolnota" / "lipowa-12.xlsx"


def test_month_from_upload_to_undo(
    committed_db: None, lipowa: AssociationRef, make_program: MakeProgram
) -> None:
    made = make_program(lipowa)
    program = type(made)(made.user, made.token, made.secret, slug="lipowa")

    uploaded = program.upload((SAMPLE.name, SAMPLE.read_bytes()), key="2026-10").json()
    assert run_one_job()
    read = program.get(f"{uploaded['id']}/").json()
    problems = program.get(f"{uploaded['id']}/problems/", data={"severity": "error"}).json()
    consents = dict.fromkeys(read["open_consents"], True)
    asked = program.post(f"{uploaded['id']}/publish/", consents)
    assert run_one_job()
    published = program.get(f"{uploaded['id']}/").json()
    with enter_association(lipowa):
        standing = Posting.objects.count()
    program.post(f"{uploaded['id']}/undo/")
    assert run_one_job()
    undone = program.get(f"{uploaded['id']}/").json()
    again = program.upload((SAMPLE.name, SAMPLE.read_bytes()), key="2026-10")

    assert (read["state"], read["can_publish"], problems["count"]) == ("ready", True, 0)
    assert (asked.status_code, published["state"], undone["state"]) == (202, "published", "undone")
    assert standing > 0
    assert (again.status_code, again.json()["id"]) == (200, uploaded["id"])
