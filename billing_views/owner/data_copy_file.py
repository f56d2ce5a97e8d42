"""The file of a person's copy: CZYTAJ.txt, dane.json and a CSV per table and holding (docs/data-copy.md).

Bounded memory: a holding is read, written and forgotten before the next; a year of the ledger and of readings at a time.
"""

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import translation
from django.utils.timezone import localdate, localtime

from associations.notifications.personal_copy import copy_mails
from associations.owners.models import OwnerAccount
from associations.owners.personal_copy import copy_account
from associations.periods import Month
from associations.premises.access import holding_of_person
from associations.premises.queries import HeldPremises, held_premises
from associations.profile.funds import FundLabel
from associations.profile.models import AssociationProfile
from billing_views.owner import file_tables
from billing_views.owner.data_copy_rows import holding_rows
from billing_views.owner.file_answers import plain_name
from billing_views.owner.place import address_of
from billing_views.parts.table_files import FileTable, write_csv

FORMAT = "otwarta-kartoteka-kopia-danych/1"
IN_MEMORY = 4 << 20
CHUNK = 1 << 16
README = """Kopia danych z portalu: {association}
Dla: {person}
Utworzono: {made}

dane.json – całość do odczytu przez inne programy (art. 20 RODO): osoba, konto, powiadomienia i każdy lokal
            z tytułami, opłatami, kontami i zapisami, saldami, odczytami, rozliczeniami mediów i wpłatami.
            Kwoty są tekstem z kropką dziesiętną, daty mają postać 2026-11-10, saldo ze znakiem minus to niedopłata.
*.csv     – te same tabele dla arkusza kalkulacyjnego (UTF-8, średniki, przecinek dziesiętny),
            w katalogach nazwanych kodem lokalu i numerem kartoteki.

Dane innych osób (e-mail, telefon, logowania) nie należą do tej kopii. Hasła nie są nigdzie przechowywane jawnie.
Administratorem danych jest {association}{office}.
"""


def write_copy(target: IO[bytes], account: OwnerAccount, profile: AssociationProfile) -> None:
    """Everything that the account's person may get, into an open file; inside one snapshot. Headers are Polish."""
    with (
        translation.override("pl"),
        SpooledTemporaryFile(max_size=IN_MEMORY, mode="w+", encoding="utf-8") as text,
        ZipFile(target, "w", ZIP_DEFLATED) as archive,
    ):
        archive.writestr("CZYTAJ.txt", _write_readme(account, profile))
        held = held_premises(account.person_id)
        archive.writestr("tytuly.csv", write_csv(file_tables.tabulate_held(held, localdate())))
        head = json.dumps(_about_person(account, profile), ensure_ascii=False, default=_as_json, indent=1)
        text.write(head.removesuffix("\n}") + ',\n "holdings": [')
        for number, one in enumerate(held):
            text.write(",\n" if number else "\n")
            _write_holding(archive, text, account, one)
        text.write("\n]}\n")
        text.seek(0)
        with archive.open("dane.json", "w") as entry:
            while chunk := text.read(CHUNK):
                entry.write(chunk.encode())


def _write_holding(archive: ZipFile, text: Any, account: OwnerAccount, one: HeldPremises) -> None:
    """A holding as an object of the JSON, and its tables as CSV."""
    holding = holding_of_person(account.person_id, one.holding_id)
    folder = f"{plain_name(one.premises.code)}-{one.holding_id}"
    text.write(json.dumps(_about_holding(one), ensure_ascii=False, default=_as_json).removesuffix("}"))
    for name, rows, tables in holding_rows(holding):
        text.write(f', "{name}": {json.dumps(rows, ensure_ascii=False, default=_as_json)}')
        for file_name, table in tables:
            _add_table(archive, f"{folder}/{file_name}.csv", table)
    text.write("}")


def _add_table(archive: ZipFile, name: str, table: FileTable) -> None:
    if table.rows:
        archive.writestr(name, write_csv(table))


def _about_person(account: OwnerAccount, profile: AssociationProfile) -> dict[str, Any]:
    person = account.person
    return {
        "format": FORMAT,
        "made_at": localtime(),
        "controller": {
            "name": profile.name,
            "nip": profile.nip,
            "address": profile.office_address,
            "phone": profile.office_phone,
            "email": profile.office_email,
        },
        "person": {
            "code": person.shown_code,
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
        },
        "account": copy_account(account),
        "mails": copy_mails(account.pk),
    }


def _about_holding(one: HeldPremises) -> dict[str, Any]:
    premises = one.premises
    is_present = one.is_present(localdate())
    return {
        "premises": {
            "code": premises.code,
            "address": address_of(premises),
            "kind": premises.kind,
            "area": premises.area,
            "share": premises.share,
            "persons": premises.persons if is_present else None,
        },
        "from": one.starts_on,
        "to": one.ends_on,
        "titles": [
            {
                "kind": title.kind,
                "from": title.starts_on,
                "to": title.ends_on,
                "share": f"{title.share_numerator}/{title.share_denominator}",
                "is_joint": title.is_joint,
            }
            for title in one.titles
        ],
        "co_owners": list(one.co_owners),
    }


def _write_readme(account: OwnerAccount, profile: AssociationProfile) -> str:
    return README.format(
        association=profile.name,
        person=account.person.name,
        made=f"{localtime():%d.%m.%Y %H:%M}",
        office=f", {profile.office_address}" if profile.office_address else "",
    )


def _as_json(value: object) -> Any:
    """Figures as exact texts, days as ISO, a fund by its name, other values by their fields."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, FundLabel):
        return value.name
    if isinstance(value, Month):
        return f"{value.year}-{value.number:02}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(getattr(value, "value", value))
