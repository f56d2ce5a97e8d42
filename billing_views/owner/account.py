"""„Moje konto": password, second factor, e-mail and language, where the account is signed in and when it was."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from associations.notifications.models import MailSubscription, MessageKind
from associations.notifications.queries import (
    WISHES,
    PendingAddress,
    is_mail_set_up,
    pending_address,
    subscription_of,
)
from associations.owners.models import SignInEvent, SignInOutcome
from associations.owners.sign_ins import open_sessions, sign_ins_of
from billing_views.manager.paging import choose_stretch, link_pages
from billing_views.owner.account_frame import OwnerRequest, account_frame, account_page
from billing_views.parts.tables import Cell, Column, Table
from billing_views.templatetags.kartoteka import moment

SHOWN = 5
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What `owner/account/account.html` shows below its frame."""

    login: str
    password_changed_at: dt.datetime | None
    language: str
    has_totp: bool
    codes_left: int
    subscription: MailSubscription
    pending: PendingAddress | None
    wishes: tuple[str, ...]
    is_mail_set_up: bool
    keys_url: str
    sessions: Table
    sign_ins: Table


@require_safe
@account_page
def show_account(request: OwnerRequest) -> HttpResponse:
    """Everything about the account on one page."""
    account = request.user
    subscription = subscription_of(account.pk)
    context = AccountPage(
        login=account.login,
        password_changed_at=account.password_changed_at,
        language=dict(settings.LANGUAGES).get(get_language() or "", ""),
        has_totp=account.has_totp,
        codes_left=account.recovery_codes.filter(used_at=None).count() if account.has_totp else 0,
        subscription=subscription,
        pending=pending_address(account.pk),
        wishes=_name_wishes(subscription),
        is_mail_set_up=is_mail_set_up(),
        keys_url=_address_of("account_keys"),
        sessions=_list_sessions(request),
        sign_ins=list_sign_ins(list(sign_ins_of(account.pk)[:SHOWN]), gettext("Ostatnie logowania")),
    )
    page = account_frame(request, gettext("Moje konto"), back_url=None)
    return render(request, "owner/account/account.html", {"page": page, "account": context})


@require_safe
@account_page
def show_sign_ins(request: OwnerRequest) -> HttpResponse:
    """All sign-ins of twelve months, page by page."""
    found = sign_ins_of(request.user.pk)
    stretch = choose_stretch(request, total=found.count(), size=PAGE_SIZE)
    rows = list(found[stretch.offset : stretch.offset + PAGE_SIZE])
    title = gettext("Logowania")
    context = {
        "page": account_frame(request, title),
        "table": list_sign_ins(rows, gettext("Logowania z ostatnich 12 miesięcy")),
        "pages": link_pages(request, stretch),
    }
    return render(request, "owner/account/sign_ins.html", context)


def list_sign_ins(events: list[SignInEvent], caption: str) -> Table:
    """When, with what device, and what became of it."""
    outcomes = {
        SignInOutcome.DONE: Cell(gettext("zalogowano"), state="paid"),
        SignInOutcome.WRONG_PASSWORD: Cell(gettext("błędne hasło"), state="owed"),
        SignInOutcome.WRONG_CODE: Cell(gettext("błędny kod"), state="owed"),
        SignInOutcome.EXPIRED_STARTER: Cell(
            gettext("hasło startowe po terminie"), state="wait", note=gettext("nowe wyda biuro")
        ),
    }
    columns = (
        Column(gettext("Kiedy"), "what"),
        Column(gettext("Urządzenie"), "text", gettext("urządzenie")),
        Column(gettext("Wynik"), "keep"),
    )
    rows = tuple(
        (Cell(moment(event.at)), Cell(name_device(event.device)), outcomes[SignInOutcome(event.outcome)])
        for event in events
    )
    return Table(caption, columns, rows, empty=gettext("Nie ma jeszcze żadnych logowań."))


def name_device(device: str) -> str:
    """The device in words where its browser said nothing."""
    return device or gettext("Nieznane urządzenie")


def _list_sessions(request: OwnerRequest) -> Table:
    sessions = open_sessions(request.user.pk, current_key=request.session.session_key)
    columns = (
        Column(gettext("Urządzenie"), "what"),
        Column(gettext("Zalogowano"), "keep", gettext("zalogowano")),
        Column(gettext("Ostatnio używane"), "keep", gettext("ostatnio")),
        Column(gettext("Zakończ"), "keep"),
    )
    rows = tuple(
        (
            Cell(name_device(one.device), note=gettext("ta sesja") if one.is_current else ""),
            Cell(moment(one.created_at)),
            Cell(moment(one.last_seen_at)),
            Cell(gettext("Wyloguj to urządzenie"), url=reverse("account_session", args=[one.handle])),
        )
        for one in sessions
    )
    return Table(gettext("Zalogowane urządzenia"), columns, rows)


def _name_wishes(subscription: MailSubscription) -> tuple[str, ...]:
    """What is written about, in the words of the list."""
    words = {
        MessageKind.NEW_DATA: gettext("nowe dane"),
        MessageKind.DUE_DAY: gettext("termin płatności"),
        MessageKind.PASSWORD_CHANGED: gettext("zmiana hasła"),
        MessageKind.NEW_DEVICE: gettext("logowanie z nowego urządzenia"),
    }
    return tuple(words[kind] for kind, name in WISHES.items() if getattr(subscription, name))


def _address_of(name: str) -> str:
    """The address of a page that this door may have."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
