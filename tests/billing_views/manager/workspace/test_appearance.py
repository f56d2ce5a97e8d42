"""The association's logo and colour: set by its manager, refused where it could not be read, seen by owners."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from associations.audit.models import AuditEntry
from associations.profile.models import AssociationLogo, AssociationProfile
from saas.tenancy.switching import AssociationRef, enter_association

APPEARANCE = "/a/sloneczna/ustawienia/wyglad/"


def png(size: tuple[int, int] = (300, 100)) -> SimpleUploadedFile:
    target = BytesIO()
    Image.new("RGB", size, "#0f5b63").save(target, "PNG")
    return SimpleUploadedFile("znak.png", target.getvalue(), "image/png")


def profile_of(association: AssociationRef) -> AssociationProfile:
    with enter_association(association):
        return AssociationProfile.objects.get()


def door_of(association: AssociationRef) -> Client:
    return Client(SERVER_NAME=f"{association.slug}.localhost")


def test_a_colour_reaches_the_owners_pages(manager: Any, sloneczna: AssociationRef) -> None:
    answer = manager.post(APPEARANCE, {"brand_color": " C8102E "})

    assert (answer.status_code, profile_of(sloneczna).brand_color) == (302, "#c8102e")
    page = door_of(sloneczna).get("/").content.decode()
    assert '<link rel="stylesheet" href="/barwy/c8102e.css">' in page
    sheet = door_of(sloneczna).get("/barwy/c8102e.css")
    assert "--brand:light-dark(#c8102e,#" in sheet.content.decode()
    assert (sheet["Content-Type"], "immutable" in sheet["Cache-Control"]) == ("text/css", True)


def test_an_empty_colour_is_the_portals_own(manager: Any, sloneczna: AssociationRef) -> None:
    manager.post(APPEARANCE, {"brand_color": "#c8102e"})

    manager.post(APPEARANCE, {"brand_color": ""})

    assert profile_of(sloneczna).brand_color == ""
    assert "/barwy/" not in door_of(sloneczna).get("/").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "#f5a623",
            "kontrast z tłem wynosi 1,9, a czytelny napis potrzebuje 4,5. Najbliższy dobry odcień: #966007.",
        ),
        ("zielony", "Podaj sześć cyfr szesnastkowych"),
        ("#12345", "Podaj sześć cyfr szesnastkowych"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused(
    manager: Any, sloneczna: AssociationRef, typed: str, sentence: str
) -> None:
    answer = manager.post(APPEARANCE, {"brand_color": typed})

    assert sentence in answer.content.decode()
    assert profile_of(sloneczna).brand_color == ""
    assert door_of(sloneczna).get("/barwy/f5a623.css").status_code == 404


def test_a_logo_stands_in_the_bar_of_owners_and_can_be_taken_away(
    manager: Any, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    answer = manager.post(APPEARANCE, {"logo": png()})

    assert answer.status_code == 302
    address = f"/znak/{profile_of(sloneczna).logo_digest}.png"
    assert f'<img class="logo" src="{address}" alt="">' in door_of(sloneczna).get("/").content.decode()
    shown = door_of(sloneczna).get(address)
    with enter_association(sloneczna):
        assert (shown["Content-Type"], shown.content) == (
            "image/png",
            bytes(AssociationLogo.objects.get().content),
        )
    assert manager.get(f"/a/sloneczna{address}").content == shown.content
    assert door_of(lipowa).get(address).status_code == 404

    manager.post(f"{APPEARANCE}usun-znak/")

    assert door_of(sloneczna).get(address).status_code == 404
    assert 'class="logo"' not in door_of(sloneczna).get("/").content.decode()
    with enter_association(sloneczna):
        assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-2:] == [
            "profile.logo_set",
            "profile.logo_removed",
        ]


def test_another_logo_has_another_address(manager: Any, sloneczna: AssociationRef) -> None:
    manager.post(APPEARANCE, {"logo": png()})
    first = profile_of(sloneczna).logo_digest

    manager.post(APPEARANCE, {"logo": png((90, 90))})

    assert profile_of(sloneczna).logo_digest != first
    assert door_of(sloneczna).get(f"/znak/{first}.png").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "To nie jest obraz PNG, JPEG ani WebP."),
        (b"\x89PNG" + b"0" * 2 * 1024 * 1024, "Plik jest większy niż 2 MB."),
    ],
)
def test_a_file_that_is_no_logo_is_refused(
    manager: Any, sloneczna: AssociationRef, content: bytes, sentence: str
) -> None:
    answer = manager.post(APPEARANCE, {"logo": SimpleUploadedFile("znak.png", content, "image/png")})

    text = answer.content.decode()
    assert sentence in text
    assert re.search(r'name="logo"[^>]+aria-invalid="true"', text)
    assert profile_of(sloneczna).logo_digest == ""
