"""Every constraint of the shared tables refuses a failing row. A constraint without a case fails the suite.

Those of an association's tables: tests/associations/test_constraints.py.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from saas.jobs.models import Job
from saas.keeping.models import Backup, DomainClaim, ErasureCertificate
from saas.observing.models import KeptSurvey
from saas.rates.models import RecordedRate
from saas.staff.models import ApiToken, Grant, PasswordLink, RecoveryCode, StaffUser
from saas.tenancy.models import Association, Domain
from saas.tenancy.switching import AssociationRef

DIGEST = "0" * 64
LATER = timezone.now() + dt.timedelta(days=1)


@dataclass
class Platform:
    """One row of everything that others refer to."""

    association: Association
    user: StaffUser


@pytest.fixture
def platform(db: None, sloneczna: AssociationRef) -> Platform:
    return Platform(
        association=Association.objects.get(slug="sloneczna"),
        user=StaffUser.objects.create(email="anna.zarzadca@example.org", name="Anna Zarządca"),
    )


def job(p: Platform, **fields: Any) -> Job:
    return Job.objects.create(association=p.association, kind="read_batch", **fields)


def running(p: Platform) -> Job:
    return job(p, state="running", lease_token=uuid.uuid4(), lease_until=LATER)


def association(**fields: Any) -> Any:
    given = {"slug": "nowa", "schema_name": "a_nowa", **fields}
    return Association(**given).save_base(force_insert=True)


def domain(p: Platform, host: str) -> Any:
    return Domain(domain=host, tenant=p.association, is_primary=False).save_base(force_insert=True)


def backup(**fields: Any) -> Backup:
    given = {
        "association_id": uuid.uuid4(), "slug": "nowa", "purpose": "operator", "made_at": LATER, "path": "x",
        "size_bytes": 1, "sha256": DIGEST, "is_sealed": False, "row_count": 1, "file_count": 0, **fields,
    }  # fmt: skip
    return Backup.objects.create(**given)


def erasure(**fields: Any) -> ErasureCertificate:
    given = {
        "association_id": uuid.uuid4(), "slug": "nowa", "name": "Nowa", "schema_name": "a_nowa",
        "by_kind": "operator", "by_name": "operator", "file_count": 0, "file_bytes": 0, **fields,
    }  # fmt: skip
    return ErasureCertificate.objects.create(**given)


def claim(**fields: Any) -> DomainClaim:
    given = {"host": "www.nowa.example", "association_id": uuid.uuid4(), "token": "a" * 40, **fields}
    return DomainClaim.objects.create(**given)


def survey(**fields: Any) -> KeptSurvey:
    empty: dict[str, Any] = {"states": {}, "sizes": {}, "behind": [], "unreadable": [], "largest": []}
    return KeptSurvey.objects.create(**{"asked_at": LATER, **empty, **fields})


def grant(p: Platform, **fields: Any) -> Grant:
    return Grant.objects.create(**{"user": p.user, "association": p.association, "role": "office", **fields})


def link(p: Platform, **fields: Any) -> PasswordLink:
    given = {"user": p.user, "purpose": "password", "token_hash": DIGEST, "expires_at": LATER, **fields}
    return PasswordLink.objects.create(**given)


def token(p: Platform, **fields: Any) -> ApiToken:
    given = {"user": p.user, "name": "program", "token_hash": DIGEST, "expires_at": LATER, **fields}
    return ApiToken.objects.create(**given)


def rate(**fields: Any) -> RecordedRate:
    given = {"effective_from": "2026-01-01", "annual_percent": "9.00", "source": "M.P.", **fields}
    return RecordedRate.objects.create(**given)


def twice(make: Callable[[], Any]) -> None:
    make()
    make()


# Constraint → what must not be possible, and the nearest row that is.
Make = Callable[[Platform], Any]
CASES: dict[str, tuple[Make, Make]] = {
    "association_schema_name": (lambda _: association(schema_name="A-nowa"), lambda _: association()),
    "association_slug": (lambda _: association(slug="-nowa"), lambda _: association(slug="n-owa")),
    "domain_normal_form": (lambda p: domain(p, "Nowa.example"), lambda p: domain(p, "nowa.example")),
    "staff_email_unique": (
        lambda p: StaffUser.objects.create(email=p.user.email.upper(), name="x"),
        lambda p: StaffUser.objects.create(email=f"x{p.user.email}", name="x"),
    ),
    "staff_totp_has_seed": (
        lambda _: StaffUser.objects.update(totp_confirmed_at=LATER),
        lambda _: StaffUser.objects.update(totp_confirmed_at=LATER, totp_seed="s"),
    ),
    "recovery_code_unique": (
        lambda p: twice(lambda: RecoveryCode.objects.create(user=p.user, code_hash="x")),
        lambda p: [RecoveryCode.objects.create(user=p.user, code_hash=code) for code in "xy"],
    ),
    "password_link_purpose": (lambda p: link(p, purpose="gift"), lambda p: link(p, purpose="invitation")),
    "grant_unique": (lambda p: twice(lambda: grant(p)), grant),
    "grant_role": (lambda p: grant(p, role="owner"), lambda p: grant(p, role="reader")),
    "grant_publish_bookkeeper": (
        lambda p: grant(p, may_publish=True),
        lambda p: grant(p, may_publish=True, role="bookkeeper"),
    ),
    "api_token_name": (lambda p: token(p, name=""), token),
    "api_token_lifetime": (
        lambda p: token(p, expires_at=LATER + dt.timedelta(days=366)),
        lambda p: token(p, expires_at=LATER + dt.timedelta(days=364)),
    ),
    "job_one_running": (lambda p: twice(lambda: running(p)), lambda p: (running(p), job(p))),
    "job_state": (lambda p: job(p, state="lost"), lambda p: job(p, state="cancelled")),
    "job_size_class": (lambda p: job(p, size_class="huge"), lambda p: job(p, size_class="large")),
    "job_running_is_leased": (
        lambda p: job(p, state="running", lease_token=uuid.uuid4()),
        running,
    ),
    "recorded_rate_percent": (
        lambda _: rate(annual_percent="100.01"),
        lambda _: rate(annual_percent=None),
    ),
    "recorded_rate_source": (lambda _: rate(source=""), lambda _: rate()),
    "backup_sha256": (lambda _: backup(sha256="G" * 64), lambda _: backup()),
    "backup_purpose": (lambda _: backup(purpose="fun"), lambda _: backup(purpose="move")),
    "erasure_backup_sha256": (lambda _: erasure(last_backup_sha256="0"), lambda _: erasure()),
    "domain_claim_normal_form": (lambda _: claim(host="www.nowa."), lambda _: claim()),
    "kept_survey_one_row": (lambda _: survey(id=2), lambda _: survey()),
    "domain_claim_token": (lambda _: claim(token="short"), lambda _: claim(token="f" * 32)),
}
# Table and column → the same value twice. PostgreSQL names these constraints by itself.
ONCE: dict[tuple[str, str], Make] = {
    ("tenancy_association", "slug"): lambda p: association(slug=p.association.slug),
    ("tenancy_association", "schema_name"): lambda p: association(schema_name=p.association.schema_name),
    ("tenancy_domain", "domain"): lambda p: twice(lambda: domain(p, "nowa.example")),
    ("staff_staffuser", "email"): lambda p: StaffUser.objects.create(email=p.user.email, name="x"),
    ("staff_passwordlink", "token_hash"): lambda p: twice(lambda: link(p)),
    ("staff_apitoken", "token_hash"): lambda p: twice(lambda: token(p)),
    ("keeping_domainclaim", "host"): lambda _: twice(claim),
}  # fmt: skip


def shared_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("saas.")]


def test_every_constraint_has_a_case() -> None:
    named = {constraint.name for model in shared_models() for constraint in model._meta.constraints}
    unique = {
        (model._meta.db_table, field.column)
        for model in shared_models()
        for field in model._meta.local_concrete_fields
        if field.unique and not field.primary_key
    }

    assert set(CASES) == named
    assert set(ONCE) == unique


@pytest.mark.parametrize("name", CASES)
def test_constraint_refuses_a_failing_row_and_takes_the_nearest_good_one(
    name: str, platform: Platform
) -> None:
    failing, good = CASES[name]

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        failing(platform)
    good(platform)


@pytest.mark.parametrize(("table", "column"), ONCE)
def test_what_must_be_one_of_a_kind_is(table: str, column: str, platform: Platform) -> None:
    with pytest.raises(IntegrityError, match=f"{table}_{column}"), transaction.atomic():
        ONCE[table, column](platform)
