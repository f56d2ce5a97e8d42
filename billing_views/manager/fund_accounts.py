"""Rachunki bankowe funduszy: which numbers owners pay to, and changing one in two steps, the password among them."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from associations.premises.queries import count_without_own_account
from associations.profile.bank_accounts import format_nrb
from associations.profile.fund_accounts import (
    FundAccount,
    FundAccountError,
    change_fund_account,
    find_fund,
    list_fund_accounts,
)
from associations.profile.models import Fund, FundAccountChange
from billing_views.manager.batch_sentences import say_moment
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.fund_accounts_form import ConfirmForm, NumberForm
from billing_views.manager.security import check_current_password
from billing_views.parts.page import ManagerPage
from billing_views.parts.plurals import say_count
from billing_views.parts.tables import Cell, Column, Table
from saas.staff import roles
from saas.tenancy.switching import enter_public


@dataclass(frozen=True, slots=True)
class AccountChangePage:
    """Context of `manager/fund_account.html`; `new` is empty in the first step and where the number is taken away."""

    page: ManagerPage
    form: NumberForm | ConfirmForm
    fund: str
    former: str
    new: str
    is_confirmation: bool
    concerned: str


@require_safe
@in_association(*roles.MANAGERS)
def show_fund_accounts(request: HttpRequest, slug: str) -> HttpResponse:
    """The funds with their numbers, and every change."""
    accounts = list_fund_accounts()
    page = manager_page(
        request, _("Rachunki bankowe funduszy"), current="settings", back_url=f"/a/{slug}/ustawienia/"
    )
    context = {"page": page, "funds": _draw_funds(accounts, slug), "history": _draw_history(accounts)}
    return TemplateResponse(request, "manager/fund_accounts.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*roles.MANAGERS)
def change_account(request: HttpRequest, slug: str, fund_id: int) -> HttpResponse:
    """The new number; a POST asks to retype it with the password, and the POST of that writes it."""
    staff = cast("StaffRequest", request)
    fund = find_fund(fund_id)
    if fund is None:
        raise Http404
    if request.method == "POST" and request.POST.get("krok") == "potwierdz":
        return _confirm(staff, slug, fund)
    form = NumberForm(request.POST or None, present=fund.bank_account)
    if request.method == "POST" and form.is_valid():
        confirmation = ConfirmForm(
            initial={"nrb": form.cleaned_data["nrb"], "expected": fund.bank_account},
            present=fund.bank_account,
        )
        return _show(staff, slug, fund, confirmation, new=form.cleaned_data["nrb"])
    return _show(staff, slug, fund, form)


def _confirm(request: StaffRequest, slug: str, fund: Fund) -> HttpResponse:
    form = ConfirmForm(request.POST, present=fund.bank_account)
    status: int = 200
    headers: dict[str, str] = {}
    if form.is_valid():
        # Accounts of staff are the platform's: out of the association for a moment.
        with enter_public():
            check = check_current_password(request.user, form)
        if check.is_right and _write(request, fund, form):
            return HttpResponseRedirect(f"/a/{slug}/ustawienia/rachunki/")
        status, headers = check.status, check.headers
    answer = _show(request, slug, fund, form, new=str(form.cleaned_data.get("nrb", "")), status=status)
    for name, value in headers.items():
        answer[name] = value
    return answer


def _write(request: StaffRequest, fund: Fund, form: ConfirmForm) -> bool:
    """False where somebody changed the number since the first step: then the form says so."""
    try:
        change_fund_account(
            actor=request.actor,
            fund_id=fund.pk,
            expected=form.cleaned_data["expected"],
            nrb=form.cleaned_data["nrb"],
        )
    except FundAccountError:
        form.add_error(None, _("Ktoś zmienił ten numer w międzyczasie. Wróć do listy i sprawdź go."))
        return False
    messages.success(request, _("Zmieniono numer rachunku. Właściciele przeczytają o tym przez 60 dni."))
    return True


def _show(
    request: StaffRequest,
    slug: str,
    fund: Fund,
    form: NumberForm | ConfirmForm,
    *,
    new: str = "",
    status: int = 200,
) -> HttpResponse:
    page = manager_page(
        request, _("Zmiana numeru rachunku"), current="settings", back_url=f"/a/{slug}/ustawienia/rachunki/"
    )
    context = AccountChangePage(
        page=page,
        form=form,
        fund=fund.name,
        former=format_nrb(fund.bank_account, blank=" "),
        new=format_nrb(new, blank=" "),
        is_confirmation=isinstance(form, ConfirmForm),
        concerned=_say_concerned(count_without_own_account(fund.pk)),
    )
    return TemplateResponse(
        request, "manager/fund_account.html", {"page": page, "change": context}, status=status
    )


def _say_concerned(premises: int) -> str:
    if not premises:
        return _("Wszystkie lokale mają własne numery: teraz nikt nie wpłaca na ten rachunek.")
    return say_count(
        premises,
        _("Na ten rachunek wpłaca {n} lokal, który nie ma własnego numeru."),
        _("Na ten rachunek wpłacają {n} lokale, które nie mają własnego numeru."),
        _("Na ten rachunek wpłaca {n} lokali, które nie mają własnego numeru."),
    )


def _draw_funds(accounts: list[FundAccount], slug: str) -> Table:
    return Table(
        caption=_("Rachunki, na które wpłacają lokale bez własnego numeru"),
        columns=(
            Column(_("Fundusz"), "what"),
            Column(_("Numer rachunku")),
            Column(_("Zmiana"), "end"),
        ),
        rows=tuple(
            (
                Cell(one.fund.name),
                Cell(format_nrb(one.fund.bank_account, blank=" ") or _("nie podano")),
                Cell(
                    _("Zmień: {fund}").format(fund=one.fund.name),
                    url=f"/a/{slug}/ustawienia/rachunki/{one.fund.pk}/",
                ),
            )
            for one in accounts
        ),
    )


def _draw_history(accounts: list[FundAccount]) -> Table | None:
    changes = [(change, one.fund) for one in accounts for change in one.changes]
    if not changes:
        return None
    return Table(
        caption=_("Zmiany numerów"),
        columns=(
            Column(_("Kiedy i kto"), "what"),
            Column(_("Fundusz")),
            Column(_("Poprzedni numer"), "text", _("poprzedni")),
            Column(_("Nowy numer"), "text", _("nowy")),
        ),
        rows=tuple(_draw_change(change, fund) for change, fund in sorted(changes, key=_latest_first)),
    )


def _draw_change(change: FundAccountChange, fund: Fund) -> tuple[Cell, ...]:
    none = _("brak")
    return (
        Cell(say_moment(change.at), note=change.by_name),
        Cell(fund.name),
        Cell(format_nrb(change.before, blank=" ") or none),
        Cell(format_nrb(change.after, blank=" ") or none),
    )


def _latest_first(entry: tuple[FundAccountChange, Fund]) -> float:
    return -entry[0].at.timestamp()
