"""Canaries (kanarki): words and amounts that stand in one holding's figures and must be heard nowhere else.

They come in by the real path, as one more package per association. `birds_in` says which of them a text holds.
"""

from dataclasses import dataclass

from saas.tenancy.switching import enter_association
from tests.cast import PERSON_CODES, Role
from tests.samples_database import Samples
from tests.workers.importing.conftest import Importer

KINDS = ("OPIS", "DOKUMENT", "KONTO", "SKLADNIK", "LICZNIK", "MEDIUM", "ROZLICZENIE")
AMOUNTS = ("987654,{:02}", "876543,{:02}", "765432,{:02}", "654321,{:02}")
"""Of a posting, a charge line, a balance and a settlement; the grosze tell whose they are."""


@dataclass(frozen=True, slots=True)
class Nest:
    """Whose figures hold the canaries: a person's holding of a premises."""

    role: Role
    premises: str
    person: str
    grosze: int
    reading_on: str = "30.11.2026"

    @property
    def tag(self) -> str:
        """What all its words begin with."""
        return f"KANAREK-{self.role.name.replace('_', '-')}"

    @property
    def birds(self) -> frozenset[str]:
        """All that must not be heard elsewhere."""
        words = {f"{self.tag}-{kind}" for kind in (*KINDS, "TELEFON", "NAZWISKO")}
        return frozenset(words | {amount.format(self.grosze) for amount in AMOUNTS})

    @property
    def private(self) -> frozenset[str]:
        """What even those who share the ledger do not see."""
        return frozenset({f"{self.tag}-TELEFON"})


def nests_of(samples: Samples) -> dict[Role, Nest]:
    """The nests of the cast; CO_OWNER's figures are OWNER's, so that only name and telephone are their own."""
    from associations.premises.models import Holding, Person

    other = samples[Role.OTHER_OWNER]
    with enter_association(samples.lipowa):
        premises = Holding.objects.get(pk=other.holding_id).premises.code
        person = Person.objects.get(pk=other.person_id).code
    nests = (
        Nest(Role.OWNER, "0401-020", PERSON_CODES[Role.OWNER], 11),
        Nest(Role.CO_OWNER, "0401-020", PERSON_CODES[Role.CO_OWNER], 12),
        Nest(Role.FORMER_OWNER, "0401-022", PERSON_CODES[Role.FORMER_OWNER], 13, reading_on="31.03.2025"),
        Nest(Role.BUYER, "0401-022", PERSON_CODES[Role.BUYER], 14),
        Nest(Role.NEIGHBOUR, "0401-001", PERSON_CODES[Role.NEIGHBOUR], 15),
        Nest(Role.OTHER_OWNER, premises, person, 16),
    )
    return {nest.role: nest for nest in nests}


def plant(samples: Samples) -> None:
    """Import the canaries of both associations. Commits."""
    nests = nests_of(samples)
    for association, roles in (
        (samples.sloneczna, [role for role in nests if role != Role.OTHER_OWNER]),
        (samples.lipowa, [Role.OTHER_OWNER]),
    ):
        importer = Importer(association)
        batch = importer.upload(*_package([nests[role] for role in roles], importer))
        with enter_association(association):
            reasons = [f"{one.dataset}: {one.reason}" for one in batch.problems.filter(severity="error")]
        assert reasons == []
        published = importer.publish(batch, accepts_renames=True)
        assert published.state == "published", published.state


def _package(nests: list[Nest], importer: Importer) -> list[tuple[str, bytes]]:
    """The files of one association."""
    from associations.premises.models import Title

    people, accounts, charges, postings, balances, readings, settlements = ([] for _ in range(7))
    for nest in nests:
        with enter_association(importer.association):
            titles = list(
                Title.objects.filter(person__code=nest.person).select_related("premises").order_by("pk")
            )
        for title in titles:
            ends = title.ends_on.strftime("%d.%m.%Y") if title.ends_on else ""
            starts = title.starts_on.strftime("%d.%m.%Y") if title.starts_on else ""
            people.append(
                f"{nest.person};{nest.tag}-NAZWISKO;;{nest.tag}-TELEFON;{title.premises.code}"
                f";{_title_words(title.kind)};{starts};{ends}"
                f";{title.share_numerator}/{title.share_denominator};{'łączna' if title.is_joint else ''}"
            )
        if nest.role == Role.CO_OWNER:
            continue
        posting, charge, balance, settlement = (amount.format(nest.grosze) for amount in AMOUNTS)
        key, tag = f"{nest.premises};{nest.person}", nest.tag
        account = f"9-{nest.grosze}"
        accounts.append(f"{account};{tag}-KONTO;podstawowy")
        postings.append(f"{key};{account};10.11.2026;;{tag}-DOKUMENT;{tag}-OPIS;{posting};0")
        charges.append(f"2026-11;{key};KAN;{tag}-SKLADNIK;podstawowy;1;szt;{charge};{charge}")
        balances.append(f"{key};podstawowy;{balance};0,00;15.11.2026")
        readings.append(
            f"{nest.premises};{tag}-MEDIUM;{tag}-LICZNIK;{nest.reading_on};5,000;1,000;m3;odczyt;OD 1"
        )
        settlements.append(
            f"{key};{tag}-MEDIUM;01.01.2026;31.10.2026;{tag}-ROZLICZENIE;1,000;m3;{settlement};0,00;{settlement};14.12.2026"
        )
    files = {
        "osoby": (
            "Kod osoby;Nazwisko i imię;E-mail;Telefon;Kod lokalu;Tytuł prawny;Od;Do;Udział;Wspólność",
            people,
        ),
        "konta": ("Konto;Nazwa;Fundusz", accounts),
        "naliczenia": (
            "Miesiąc;Kod lokalu;Kod osoby;Składnik;Nazwa składnika;Fundusz;Ilość;J.m.;Stawka;Kwota",
            charges,
        ),
        "ksiegowania": (
            "Kod lokalu;Kod osoby;Konto;Data księgowania;Termin płatności;Dokument;Opis;Winien;Ma",
            postings,
        ),
        "salda": ("Kod lokalu;Kod osoby;Fundusz;Saldo;Odsetki niezaksięgowane;Stan na", balances),
        "odczyty": (
            "Kod lokalu;Medium;Nr licznika;Data odczytu;Odczyt;Zużycie;J.m.;Rodzaj;Dokument",
            readings,
        ),
        "rozliczenia": (
            "Kod lokalu;Kod osoby;Medium;Okres od;Okres do;Dokument;Zużycie;J.m.;Koszt;Zaliczki;Wynik;Termin",
            settlements,
        ),
    }
    return [
        (f"{name}.csv", "\r\n".join([header, *rows, ""]).encode()) for name, (header, rows) in files.items()
    ]


def _title_words(kind: str) -> str:
    return {
        "separate_ownership": "odrębna własność",
        "cooperative_ownership": "spółdzielcze własnościowe prawo",
        "cooperative_tenancy": "spółdzielcze lokatorskie prawo",
        "lease": "najem",
        "none": "bez tytułu prawnego",
    }[kind]


def birds_in(text: str, nests: dict[Role, Nest]) -> frozenset[str]:
    """The canaries that a page, file or message holds, however its amounts are grouped."""
    plain = text.translate({0xA0: None, 0x202F: None})
    ungrouped = plain.replace(".", ",").replace(" ", "")
    return frozenset(
        bird
        for nest in nests.values()
        for bird in nest.birds
        if bird in plain or (bird[0].isdigit() and bird in ungrouped)
    )
