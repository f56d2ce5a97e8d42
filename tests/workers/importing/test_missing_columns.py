"""A list with fewer columns than the last one: what it has no column for stays; an empty cell clears."""

from datetime import date

from associations.imports.models import BatchState
from associations.premises.models import Person, Premises, Title
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer, lipowa_imports

__all__ = ["lipowa_imports"]

PREMISES = (
    "Nieruchomość;Budynek;Adres;Nr lokalu;Kod lokalu;Rodzaj;Powierzchnia;Udział;Liczba osób\n"
    "N1;B1;ul. Lipowa 12;1;1;użytkowy;50,00;1,000000;2\n"
)
PEOPLE = (
    "Kod osoby;Nazwisko;E-mail;Telefon;Kod lokalu;Tytuł prawny;Od;Do;Udział;Wspólność\n"
    "A;Nowak Anna;anna@example.org;600 100 200;1;odrębna własność;01.01.2020;31.12.2030;1/2;łączna\n"
)


def publish(importer: Importer, *files: tuple[str, str], **declared: object) -> None:
    batch = importer.upload(*((name, text.encode()) for name, text in files))
    if declared:
        batch = importer.declare(batch, **declared)
    assert importer.publish(batch).state == BatchState.PUBLISHED


def premises_row() -> tuple[object, ...]:
    one = Premises.objects.select_related("building").get(code="1")
    building = one.building.code if one.building else None
    return building, one.address, one.number, one.kind, str(one.area), str(one.share), one.persons


def title_row() -> tuple[object, ...]:
    one = Title.objects.get(person__code="A", is_current=True)
    share = f"{one.share_numerator}/{one.share_denominator}"
    return one.kind, one.starts_on, one.ends_on, share, one.is_joint


def test_a_list_without_columns_keeps_what_they_said(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, ("lokale.csv", PREMISES), ("osoby.csv", PEOPLE))

    publish(
        lipowa_imports,
        ("lokale.csv", "Kod lokalu;Powierzchnia\n1;51,00\n"),
        ("osoby.csv", "Kod osoby;Nazwisko;Telefon;Kod lokalu\nA;Nowak Anna;600 100 201;1\n"),
    )

    with enter_association(lipowa_imports.association):
        assert premises_row() == ("B1", "ul. Lipowa 12", "1", "commercial", "51.0000", "1.000000", 2)
        assert title_row() == ("separate_ownership", date(2020, 1, 1), date(2030, 12, 31), "1/2", True)
        person = Person.objects.get(code="A")
        assert (person.email, person.phone) == ("anna@example.org", "600 100 201")


def test_an_empty_cell_clears(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, ("lokale.csv", PREMISES), ("osoby.csv", PEOPLE))

    publish(
        lipowa_imports,
        ("lokale.csv", "Kod lokalu;Adres;Liczba osób\n1;;\n"),
        ("osoby.csv", "Kod osoby;Nazwisko;E-mail;Kod lokalu;Do\nA;Nowak Anna;;1;\n"),
    )

    with enter_association(lipowa_imports.association):
        assert premises_row() == ("B1", "", "1", "commercial", "50.0000", "1.000000", None)
        assert title_row()[:3] == ("separate_ownership", date(2020, 1, 1), None)
        assert Person.objects.get(code="A").email == ""


def test_another_person_under_the_code_gets_nothing_of_the_former(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, ("lokale.csv", PREMISES), ("osoby.csv", PEOPLE))

    publish(
        lipowa_imports,
        ("osoby.csv", "Kod osoby;Nazwisko;Kod lokalu;Od\nA;Lis Ewa;1;01.11.2026\n"),
        people={"A": "other"},
    )

    with enter_association(lipowa_imports.association):
        newcomer = Person.objects.get(code="A")
        assert (newcomer.name, newcomer.email, newcomer.phone) == ("Lis Ewa", "", "")
        assert title_row() == ("none", date(2026, 11, 1), None, "1/1", False)
