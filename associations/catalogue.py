"""The catalogue of datasets: where premises, ledger, charges and meters meet the import engine."""

from django.utils.translation import gettext_noop

from associations.change_specs import CHANGE_SPECS
from associations.charges import importing as charges
from associations.imports.additions import same_row_stands
from associations.imports.catalogue import Catalogue, RegistryDataset
from associations.imports.dataset_hints import amounts_in_grosze, no_known_premises
from associations.imports.overlaps import row_in_two_files
from associations.imports.repeated_additions import ask_about_repetition
from associations.imports.totals import totals_differ
from associations.ledger import import_checks as ledger_checks
from associations.ledger import importing as ledger
from associations.meters import import_checks as meter_checks
from associations.meters import importing as meters
from associations.payments import importing as payments
from associations.premises import import_checks as premises_checks
from associations.premises import importing as premises
from associations.premises.account_questions import ask_about_accounts
from associations.premises.people_registries import TITLES
from associations.premises.replaced_rows import rows_of_new_bearer
from associations.premises.title_plan import plan_titles
from associations.premises.title_questions import ask_about_people

EDITIONS = (*charges.EDITIONS, *ledger.EDITIONS, *meters.EDITIONS)
NAMING_PREMISES = (
    ("people", "premises_stagedperson"),
    ("accounts", "ledger_stagedaccount"),
    *((spec.dataset, spec.staged_table) for spec in EDITIONS),
)
CATALOGUE = Catalogue(
    registry_datasets=(
        RegistryDataset("premises", "Lokale", "premises_stagedpremises", premises.PREMISES),
        RegistryDataset("people", gettext_noop("Osoby i tytuły prawne"), "premises_stagedperson", TITLES),
        RegistryDataset("accounts", "Konta", "ledger_stagedaccount", ledger.ACCOUNTS),
        RegistryDataset(
            "payments",
            gettext_noop("Wpłaty bankowe"),
            "payments_stagedpayment",
            payments.PAYMENTS,
            is_source_whole=True,
            sum_label=gettext_noop("Suma wpłat"),
            sum_column="amount",
        ),
    ),
    registries=(*premises.REGISTRIES, *ledger.REGISTRIES, *meters.REGISTRIES, *payments.REGISTRIES),
    editions=EDITIONS,
    changes=CHANGE_SPECS,
    checks=(
        *premises.CHECKS,
        *ledger.CHECKS,
        *charges.CHECKS,
        *meters.CHECKS,
        *payments.CHECKS,
        *premises_checks.CHECKS,
        amounts_in_grosze("charges", "charges_stagedcharge", "amount"),
        amounts_in_grosze("postings", "ledger_stagedposting", "debit", "credit"),
        *(no_known_premises(dataset, table) for dataset, table in NAMING_PREMISES),
        *ledger_checks.CHECKS,
        *meter_checks.CHECKS,
        *(row_in_two_files(spec) for spec in EDITIONS),
        *(check for spec in EDITIONS for check in totals_differ(spec)),
        *(same_row_stands(spec) for spec in EDITIONS),
        *(rows_of_new_bearer(spec) for spec in EDITIONS if spec.has_payer),
    ),
    rebuild_derived=premises.rebuild_changed_holdings,
    find_referring=(premises.find_later_titles, payments.find_later_payments),
    plan=plan_titles,
    plan_tables=("premises_stagedtitle",),
    ask=lambda batch_id: (
        ask_about_people(batch_id) | ask_about_accounts(batch_id) | ask_about_repetition(batch_id)
    ),
)
