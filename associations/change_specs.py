"""How a manager sees what a batch changes, dataset by dataset (associations.imports.changes asks)."""

from django.utils.translation import gettext_noop

from associations.charges.importing import CHARGES
from associations.imports.changes import ChangeSpec, Field
from associations.imports.registry_changes import RegistryView
from associations.ledger.importing import ACCOUNTS, BALANCES, POSTINGS
from associations.meters.importing import METERS, READINGS, SETTLEMENTS
from associations.payments.importing import PAYMENTS
from associations.premises.importing import PREMISES, TRANSFER_ACCOUNTS
from associations.premises.people_registries import ENDED_TITLES, PEOPLE, REPLACED_PEOPLE, TITLES

PAYER = Field(gettext_noop("Kod osoby"), "text", "coalesce(s.payer_code, '')", is_aside=True)
DOCUMENT = Field(gettext_noop("Dokument"), "text", "coalesce(s.document, '')")

CHANGE_SPECS = (
    ChangeSpec(
        editions=CHARGES,
        identity="concat_ws('|', coalesce(s.component_code, ''), coalesce(s.component_name, ''),"
        " coalesce(s.payer_code, ''))",
        order="''",
        searched="concat_ws(' ', s.component_code, s.component_name)",
        fields=(
            Field(
                gettext_noop("Składnik"),
                "text",
                "trim(concat_ws(' ', s.component_code, nullif(s.component_name, s.component_code)))",
            ),
            Field(gettext_noop("Ilość"), "quantity", "s.quantity"),
            Field(gettext_noop("Jednostka"), "text", "coalesce(s.unit, '')"),
            Field(gettext_noop("Stawka"), "rate", "s.rate"),
            Field(gettext_noop("Kwota"), "money", "s.amount"),
            PAYER,
        ),
    ),
    ChangeSpec(
        editions=POSTINGS,
        identity="concat_ws('|', s.posted_on, coalesce(s.document, ''))",
        order="coalesce(s.description, '')",
        searched="concat_ws(' ', s.document, s.description)",
        fields=(
            DOCUMENT,
            Field(gettext_noop("Data"), "day", "s.posted_on"),
            Field(gettext_noop("Opis"), "text", "coalesce(s.description, '')"),
            Field(gettext_noop("Wn"), "money", "s.debit"),
            Field(gettext_noop("Ma"), "money", "s.credit"),
            Field(gettext_noop("Termin"), "day", "s.due_on"),
            PAYER,
        ),
    ),
    ChangeSpec(
        editions=BALANCES,
        identity="coalesce(s.payer_code, '')",
        order="s.as_of::text",
        searched="coalesce(s.payer_code, '')",
        fields=(
            PAYER,
            Field(gettext_noop("Stan na"), "day", "s.as_of"),
            Field(gettext_noop("Saldo"), "money", "s.amount"),
            Field(gettext_noop("Odsetki"), "money", "s.interest"),
        ),
    ),
    ChangeSpec(
        editions=READINGS,
        identity="concat_ws('|', s.meter_serial, s.read_on)",
        order="''",
        searched="concat_ws(' ', s.meter_serial, s.document)",
        fields=(
            Field(gettext_noop("Licznik"), "text", "s.meter_serial"),
            Field(gettext_noop("Data"), "day", "s.read_on"),
            Field(gettext_noop("Stan"), "quantity", "s.value"),
            Field(gettext_noop("Zużycie"), "quantity", "s.consumption"),
            Field(gettext_noop("Jednostka"), "text", "coalesce(s.unit, '')"),
            DOCUMENT,
        ),
    ),
    ChangeSpec(
        editions=SETTLEMENTS,
        identity="concat_ws('|', s.period_from, s.period_to, coalesce(s.payer_code, ''))",
        order="coalesce(s.document, '')",
        searched="coalesce(s.document, '')",
        fields=(
            DOCUMENT,
            Field(gettext_noop("Okres od"), "day", "s.period_from"),
            Field(gettext_noop("Okres do"), "day", "s.period_to"),
            Field(gettext_noop("Koszt"), "money", "s.cost"),
            Field(gettext_noop("Zaliczki"), "money", "s.advances"),
            Field(gettext_noop("Wynik"), "money", "s.result"),
            Field(gettext_noop("Termin"), "day", "s.due_on"),
            PAYER,
        ),
    ),
)


def _of(table: str, column: str, key: str) -> str:
    """The name that a row's reference stands for."""
    return f"(SELECT {column} FROM {table} x WHERE x.id = (j.v ->> '{key}')::bigint)"


_PREMISES_CODE = f"coalesce(j.v ->> 'premises_code', {_of('premises_premises', 'x.code', 'premises_id')}, '')"
# A code that was given up for another person has two spaces in it; people know it by what stands before them.
_NAME_AND_CODE = "x.name || ' (' || split_part(x.code, '  ', 1) || ')'"
_PERSON = f"coalesce(j.v ->> 'person', {_of('premises_person', _NAME_AND_CODE, 'person_id')}, '')"
_PAYER = f"coalesce({_of('premises_person', _NAME_AND_CODE, 'payer_id')}, '')"
_FUND = f"coalesce(j.v ->> 'fund', {_of('profile_fund', 'x.name', 'fund_id')}, '')"


def _text(label: str, column: str) -> Field:
    return Field(label, "text", f"coalesce(j.v ->> '{column}', '')")


def _day(label: str, column: str) -> Field:
    return Field(label, "day", f"(j.v ->> '{column}')::date")


REGISTRY_VIEWS = (
    RegistryView(
        registry="premises",
        label=gettext_noop("Lokale"),
        specs=(PREMISES,),
        heading="j.v ->> 'code'",
        searched="concat_ws(' ', j.v ->> 'code', j.v ->> 'address', j.v ->> 'number')",
        fields=(
            _text(gettext_noop("Adres"), "address"),
            _text(gettext_noop("Nr lokalu"), "number"),
            Field(
                gettext_noop("Budynek"),
                "text",
                f"coalesce({_of('premises_building', 'x.code', 'building_id')}, '')",
            ),
            Field(gettext_noop("Powierzchnia"), "quantity", "(j.v ->> 'area')::numeric"),
            Field(gettext_noop("Udział"), "quantity", "(j.v ->> 'share')::numeric"),
            Field(gettext_noop("Liczba osób"), "quantity", "(j.v ->> 'persons')::numeric"),
        ),
    ),
    RegistryView(
        registry="transfer_account",
        label=gettext_noop("Rachunki do wpłat"),
        specs=(TRANSFER_ACCOUNTS,),
        heading=_PREMISES_CODE,
        searched=f"concat_ws(' ', {_PREMISES_CODE}, j.v ->> 'nrb')",
        fields=(
            Field(gettext_noop("Fundusz"), "text", _FUND),
            _text(gettext_noop("Numer rachunku"), "nrb"),
        ),
        waiting_new="""
            SELECT jsonb_build_object('premises_code', s.premises_code, 'fund', f.name, 'nrb', a.nrb) AS v
            FROM premises_stagedpremises s
            CROSS JOIN LATERAL (VALUES ('main', s.bank_account), ('repair', s.repair_bank_account)) AS a (fund, nrb)
            JOIN profile_fund f ON f.code = a.fund
            LEFT JOIN premises_premises p ON p.code = s.premises_code
            WHERE s.batch_id = %(batch)s AND a.nrb IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM premises_transferaccount t WHERE t.premises_id = p.id AND t.fund_id = f.id)
        """,
    ),
    RegistryView(
        registry="person",
        label=gettext_noop("Osoby"),
        specs=(REPLACED_PEOPLE, PEOPLE),
        heading="concat_ws(' ', split_part(j.v ->> 'code', '  ', 1), j.v ->> 'name')",
        searched="concat_ws(' ', j.v ->> 'code', j.v ->> 'name', j.v ->> 'email')",
        fields=(
            _text(gettext_noop("Nazwisko i imię"), "name"),
            _text(gettext_noop("E-mail"), "email"),
            _text(gettext_noop("Telefon"), "phone"),
        ),
    ),
    RegistryView(
        registry="title",
        label=gettext_noop("Tytuły prawne"),
        specs=(ENDED_TITLES, TITLES),
        heading=_PREMISES_CODE,
        searched=f"concat_ws(' ', {_PREMISES_CODE}, {_PERSON})",
        fields=(
            Field(gettext_noop("Osoba"), "text", _PERSON),
            Field(gettext_noop("Tytuł prawny"), "title", "coalesce(j.v ->> 'kind', '')"),
            _day(gettext_noop("Od"), "starts_on"),
            _day(gettext_noop("Do"), "ends_on"),
            Field(
                gettext_noop("Udział"),
                "text",
                "concat_ws('/', j.v ->> 'share_numerator', j.v ->> 'share_denominator')",
            ),
        ),
        waiting_new="""
            SELECT jsonb_build_object('premises_code', n.premises_code, 'person', n.name || ' (' || n.person_code || ')',
                   'kind', n.kind, 'starts_on', n.starts_on, 'ends_on', n.ends_on,
                   'share_numerator', n.share_numerator, 'share_denominator', n.share_denominator) AS v
            FROM premises_stagedtitle n WHERE n.batch_id = %(batch)s AND n.file_no > 0 AND n.title_id IS NULL
        """,
    ),
    RegistryView(
        registry="account",
        label=gettext_noop("Konta"),
        specs=(ACCOUNTS,),
        heading="j.v ->> 'code'",
        searched=f"concat_ws(' ', j.v ->> 'code', j.v ->> 'name', {_PREMISES_CODE}, {_PAYER})",
        fields=(
            _text(gettext_noop("Nazwa"), "name"),
            Field(gettext_noop("Fundusz"), "text", _FUND),
            Field(gettext_noop("Lokal"), "text", _PREMISES_CODE),
            Field(gettext_noop("Osoba"), "text", _PAYER),
        ),
    ),
    RegistryView(
        registry="meter",
        label=gettext_noop("Liczniki"),
        specs=(METERS,),
        heading=_PREMISES_CODE,
        searched=f"concat_ws(' ', {_PREMISES_CODE}, j.v ->> 'serial')",
        fields=(
            Field(
                gettext_noop("Medium"),
                "text",
                f"coalesce(j.v ->> 'medium', {_of('meters_medium', 'x.name', 'medium_id')}, '')",
            ),
            _text(gettext_noop("Numer licznika"), "serial"),
        ),
        waiting_new="""
            SELECT DISTINCT jsonb_build_object('premises_code', s.premises_code, 'medium', s.medium,
                   'serial', s.meter_serial) AS v
            FROM meters_stagedreading s WHERE s.batch_id = %(batch)s AND s.file_no > 0
              AND NOT EXISTS (SELECT 1 FROM meters_meter t JOIN premises_premises p ON p.id = t.premises_id
                              JOIN meters_medium m ON m.id = t.medium_id
                              WHERE p.code = s.premises_code AND m.name = s.medium AND t.serial = s.meter_serial)
        """,
    ),
    RegistryView(
        registry="payment",
        label=gettext_noop("Wpłaty bankowe"),
        specs=(PAYMENTS,),
        heading=_PREMISES_CODE,
        searched=f"concat_ws(' ', {_PREMISES_CODE}, j.v ->> 'title', j.v ->> 'payer_name', j.v ->> 'nrb')",
        fields=(
            _day(gettext_noop("Data wpływu"), "booked_on"),
            Field(gettext_noop("Kwota"), "money", "(j.v ->> 'amount')::numeric"),
            _text(gettext_noop("Tytuł wpłaty"), "title"),
            _text(gettext_noop("Wpłacający"), "payer_name"),
        ),
    ),
)
