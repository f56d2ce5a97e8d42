"""Words of owner pages that depend on the kind of association and of fund."""

from django.utils.translation import gettext, gettext_noop

from associations.profile.funds import FundLabel
from associations.profile.models import AssociationProfile, FundKind

# Labels of associations' kinds, which know no languages: named here so that the catalogue holds them.
KIND_LABELS = (
    gettext_noop("lokal mieszkalny"),
    gettext_noop("lokal użytkowy"),
    gettext_noop("garaż"),
    gettext_noop("miejsce postojowe"),
    gettext_noop("komórka lokatorska"),
    gettext_noop("inny lokal"),
    gettext_noop("odrębna własność"),
    gettext_noop("spółdzielcze własnościowe prawo do lokalu"),
    gettext_noop("spółdzielcze lokatorskie prawo do lokalu"),
    gettext_noop("najem"),
    gettext_noop("bez tytułu prawnego"),
    gettext_noop("odczyt"),
    gettext_noop("odczyt podany przez właściciela"),
    gettext_noop("szacunek"),
    gettext_noop("odczyt rozliczeniowy"),
    gettext_noop("montaż"),
    gettext_noop("demontaż"),
)


def name_charges(profile: AssociationProfile) -> str:
    """The title of the monthly charges: a cooperative's and a community's words differ."""
    return gettext("Opłaty za używanie lokalu") if profile.is_cooperative else gettext("Przypisy")


def name_held_premises(profile: AssociationProfile) -> str:
    """The heading of everything that a person holds."""
    return gettext("Przydziały") if profile.is_cooperative else gettext("Lokale")


def say_no_data(profile: AssociationProfile) -> str:
    """The sentence where nothing was published for the premises."""
    if profile.is_cooperative:
        return gettext("Spółdzielnia nie przekazała jeszcze danych tego lokalu.")
    return gettext("Zarządca nie przekazał jeszcze danych tego lokalu.")


def say_no_media(profile: AssociationProfile) -> str:
    """The sentence where no readings and no settlements were published for the premises."""
    if profile.is_cooperative:
        return gettext("Spółdzielnia nie przekazała odczytów ani rozliczeń mediów tego lokalu.")
    return gettext("Zarządca nie przekazał odczytów ani rozliczeń mediów tego lokalu.")


def name_fund(fund: FundLabel) -> str:
    """`Fundusz podstawowy`, `Fundusz remontowy`, or the name of another fund as the files give it."""
    if fund.kind == FundKind.MAIN:
        return gettext("Fundusz podstawowy")
    return gettext("Fundusz remontowy") if fund.kind == FundKind.REPAIR else fund.name


def name_fund_balance(fund: FundLabel, *, is_only: bool) -> str:
    """The heading of a balance: `Saldo lokalu` where the association keeps one fund only."""
    if is_only:
        return gettext("Saldo lokalu")
    if fund.kind == FundKind.MAIN:
        return gettext("Saldo podstawowe")
    if fund.kind == FundKind.REPAIR:
        return gettext("Fundusz remontowy")
    return gettext("Saldo: %(fund)s") % {"fund": fund.name}
