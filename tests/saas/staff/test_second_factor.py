"""TOTP and recovery codes: right once, wrong otherwise."""

import datetime as dt

import pyotp
import pytest
from django.db import IntegrityError
from django.test import override_settings
from django.utils import timezone

from associations.audit.actors import SYSTEM
from saas.staff.errors import StaffError
from saas.staff.models import RecoveryCode, StaffUser
from saas.staff.queries import recovery_codes_left
from saas.staff.second_factor import accept_code, confirm_totp, remove_totp, renew_recovery_codes
from saas.staff.totp import hash_recovery_code, matching_step, new_seed, provisioning_uri, secret_of

SEED = "5e" * 32
AT = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def code_of(seed: str, at: dt.datetime) -> str:
    return pyotp.TOTP(secret_of(seed)).at(at)


def set_up(user: StaffUser, steps_ago: int = 1) -> list[str]:
    """The factor confirmed with the code of an earlier step, so that the present one is unused."""
    code = code_of(SEED, timezone.now() - dt.timedelta(seconds=30 * steps_ago))
    return confirm_totp(actor=SYSTEM, user=user, seed=SEED, code=code)


@pytest.mark.parametrize(
    ("seconds", "is_right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)]
)
def test_code_of_a_neighbouring_step_counts(seconds: int, is_right: bool) -> None:
    code = code_of(SEED, AT + dt.timedelta(seconds=seconds))

    assert (matching_step(SEED, code, AT) is not None) is is_right


@pytest.mark.parametrize("code", ["", "abc", "12345", "０１２３４５", "1" * 400])
def test_nonsense_is_no_code(code: str) -> None:
    assert matching_step(SEED, code, AT) is None


def test_code_may_be_typed_with_a_space() -> None:
    code = code_of(SEED, AT)

    assert matching_step(SEED, f" {code[:3]} {code[3:]} ", AT) == int(AT.timestamp()) // 30


def test_secret_depends_on_the_seed_and_on_the_key_of_the_installation() -> None:
    assert secret_of(SEED) != secret_of(new_seed())
    assert secret_of(SEED) not in SEED
    with override_settings(SECRET_KEY="another"):
        other = code_of(SEED, AT)
        assert matching_step(SEED, other, AT) is not None
    assert matching_step(SEED, other, AT) is None
    with override_settings(SECRET_KEY_FALLBACKS=["another"]):
        assert matching_step(SEED, other, AT) is not None


def test_qr_address_names_account_and_issuer() -> None:
    uri = provisioning_uri(SEED, "anna@zarzadca.example")

    assert uri == (
        f"otpauth://totp/Otwarta%20Kartoteka:anna%40zarzadca.example?secret={secret_of(SEED)}"
        "&issuer=Otwarta%20Kartoteka"
    )


def test_wrong_first_code_changes_nothing(manager: StaffUser) -> None:
    with pytest.raises(StaffError):
        confirm_totp(actor=SYSTEM, user=manager, seed=SEED, code="000")

    manager.refresh_from_db()
    assert not manager.has_totp
    assert not RecoveryCode.objects.exists()


def test_code_is_accepted_once(manager: StaffUser) -> None:
    set_up(manager)
    code = code_of(SEED, timezone.now())

    assert [accept_code(user=manager, code=code) for _ in range(2)] == ["code", None]


def test_code_that_set_the_factor_up_does_not_sign_in(manager: StaffUser) -> None:
    code = code_of(SEED, timezone.now())
    confirm_totp(actor=SYSTEM, user=manager, seed=SEED, code=code)

    assert accept_code(user=manager, code=code) is None


def test_ten_recovery_codes_each_accepted_once(manager: StaffUser) -> None:
    codes = set_up(manager)
    assert len(set(codes)) == 10

    tried = [accept_code(user=manager, code=code) for code in (codes[0], codes[0], codes[1].lower())]

    assert tried == ["recovery_code", None, "recovery_code"]
    assert recovery_codes_left(manager) == 8


def test_recovery_codes_are_kept_hashed(manager: StaffUser) -> None:
    codes = set_up(manager)

    kept = set(RecoveryCode.objects.order_by("id").values_list("code_hash", flat=True))

    assert kept == {hash_recovery_code(code) for code in codes}
    assert not kept & set(codes)


def test_new_recovery_codes_end_the_former(manager: StaffUser) -> None:
    former = set_up(manager)

    renew_recovery_codes(actor=SYSTEM, user=manager)

    assert recovery_codes_left(manager) == 10
    assert accept_code(user=manager, code=former[0]) is None


def test_recovery_code_of_another_is_none(manager: StaffUser, operator: StaffUser) -> None:
    codes = set_up(manager)
    confirm_totp(actor=SYSTEM, user=operator, seed="ab" * 32, code=code_of("ab" * 32, timezone.now()))

    assert accept_code(user=operator, code=codes[0]) is None
    assert accept_code(user=manager, code=codes[0]) == "recovery_code"


def test_removed_factor_takes_its_codes_along(manager: StaffUser) -> None:
    codes = set_up(manager)

    remove_totp(actor=SYSTEM, user=manager)

    assert not manager.has_totp
    assert accept_code(user=manager, code=codes[0]) is None
    assert accept_code(user=manager, code=code_of(SEED, timezone.now())) is None


def test_database_refuses_a_confirmed_factor_without_a_seed(manager: StaffUser) -> None:
    with pytest.raises(IntegrityError):
        StaffUser.objects.update(totp_confirmed_at=AT)
