"""From a published file to a mail on a server, by a real worker; and a worker that is killed while it sends."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import timezone

from associations.notifications.models import MailSubscription, MessageKind, OutboxMessage
from associations.notifications.outbox import write_message
from associations.owners.models import OwnerAccount
from associations.premises.models import HoldingMember
from saas.jobs.actions import enqueue_job
from saas.jobs.models import JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.factories import make_account_of, make_person
from tests.smtp_sink import Sink, mail_server
from tests.worker_process import StartWorker, start_worker, wait_until, worker
from tests.workers.importing.conftest import SAMPLES, Importer

__all__ = ["start_worker", "worker"]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_server() as sink:
        yield sink


def settings_of(sink: Sink) -> dict[str, str]:
    return {
        "KARTOTEKA_MAIL_HOST": "127.0.0.1",
        "KARTOTEKA_MAIL_PORT": str(sink.port),
        "KARTOTEKA_MAIL_STARTTLS": "0",
        "KARTOTEKA_URL": "https://portal.example",
    }


def subscribe(account: OwnerAccount) -> None:
    MailSubscription.objects.create(
        account=account,
        address="anna@example.org",
        confirmed_at=timezone.now(),
        about_new_data=True,
        about_password=True,
    )


def states(association: AssociationRef) -> list[str]:
    with enter_association(association):
        return list(OutboxMessage.objects.order_by("id").values_list("state", flat=True))


def test_published_files_are_told_by_mail_and_undone_ones_are_not(
    committed_db: None, start_worker: StartWorker, sloneczna: AssociationRef, sink: Sink
) -> None:
    importer = Importer(sloneczna)
    folder = SAMPLES / "spoldzielnia"
    registers = importer.upload(*(folder / name for name in ("lokale.csv", "osoby.csv", "konta.csv")))
    importer.publish(registers)
    with enter_association(sloneczna):
        member = HoldingMember.objects.filter(person__code="17000200").order_by("pk")[0]
        subscribe(make_account_of(member.person, "anna"))
    charges = importer.publish(importer.upload(folder / "naliczenia-2026.csv"))
    importer.undo(charges)
    assert states(sloneczna) == ["withdrawn"]
    importer.publish(importer.upload(folder / "salda.csv"))
    assert states(sloneczna) == ["withdrawn", "waiting"]
    with enter_association(sloneczna):
        OutboxMessage.objects.update(due_at=timezone.now())

    cache.delete("mail-looked")
    start_worker(**settings_of(sink))

    # Nobody asks for the job: the worker's own round finds what is due, within two minutes of another test's.
    [mail] = wait_until(lambda: sink.mails, seconds=150)
    assert sink.recipients == ["anna@example.org"]
    body = mail.get_content()
    assert "opublikowano nowe dane: salda." in body
    assert "https://sloneczna." in body
    for secret in ("zł", "Słoneczna 2", "0401-", "Nowak"):
        assert secret not in body
    wait_until(lambda: states(sloneczna) == ["withdrawn", "sent"])


def test_killed_worker_sends_no_mail_twice(
    committed_db: None, start_worker: StartWorker, sloneczna: AssociationRef, sink: Sink
) -> None:
    with enter_association(sloneczna):
        account = make_account_of(make_person("17000010"), "maria")
        subscribe(account)
        for number in range(3):
            write_message(
                account_id=account.pk,
                kind=MessageKind.PASSWORD_CHANGED,
                about=f"password:{number}",
                details={"at": timezone.now().isoformat()},
            )
    sink.gate.clear()
    enqueue_job(association=sloneczna, kind=JobKind.SEND_MAIL)
    first = start_worker(**settings_of(sink))
    wait_until(lambda: sink.mails)
    first.kill()
    sink.gate.set()

    start_worker(**settings_of(sink))

    wait_until(lambda: states(sloneczna) == ["unknown", "sent", "sent"], seconds=90)
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails) == 3
