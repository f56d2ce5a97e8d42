"""One person: contact, titles, state of access, history of starter passwords, and what the office may do."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from associations.owners.access import open_issue, open_person
from associations.owners.actions import OwnerRuleError, deactivate_account, end_sessions, record_handover
from associations.owners.models import IssueMethod
from associations.owners.queries import AccessState, IssueLine, PersonCard, account_of, person_card
from associations.premises.models import Person, Title
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.people_table import access_cell
from billing_views.parts.formatting import format_day
from billing_views.parts.tables import Cell, Column, Table
from saas.staff import roles


class HandoverForm(forms.Form):
    """Who took the starter password from the office, or that it went by post."""

    received_by = forms.CharField(label=gettext_lazy("Kto odebrał (nazwisko i imię)"), max_length=200)
    is_identity_checked = forms.BooleanField(
        label=gettext_lazy("Tożsamość sprawdzona z dokumentem"),
        error_messages={
            "required": gettext_lazy("Hasło wydaje się osobiście dopiero po sprawdzeniu tożsamości.")
        },
    )

    def let_go_by_post(self) -> None:
        """The letter may have been sent: then nobody's identity was checked."""
        field = self.fields["is_identity_checked"]
        field.required = False
        field.help_text = _("Zostaw puste, jeżeli list wysłano pocztą.")


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What the page of a person shows below its frame."""

    person: Person
    card: PersonCard
    access: Cell
    titles: Table
    may_issue: bool
    has_account: bool
    has_open_account: bool
    is_first_issue: bool
    waiting: IssueLine | None
    may_go_by_post: bool
    allows_letters: bool
    last_issue_id: int


@require_safe
@in_association(*roles.PASSWORD_ISSUERS, roles.READER, is_snapshot=True)
def show_person(request: StaffRequest, slug: str, person_id: int) -> HttpResponse:
    """The person with every title, issue and, for the office, the buttons."""
    return render_person(request, slug, open_person(person_id))


@require_POST
@in_association(*roles.PASSWORD_ISSUERS)
def hand_over(request: StaffRequest, slug: str, person_id: int, issue_id: int) -> HttpResponse:
    """Record who received the starter password."""
    issue = open_issue(person_id, issue_id)
    form = HandoverForm(request.POST)
    if issue.method == IssueMethod.LETTER and request.profile.allows_letters_by_post:
        form.let_go_by_post()
    if not form.is_valid():
        return render_person(request, slug, open_person(person_id), form=form)
    try:
        record_handover(actor=request.actor, issue=issue, **form.cleaned_data)
    except OwnerRuleError as error:
        form.add_error(None, say_rule(error))
        return render_person(request, slug, open_person(person_id), form=form)
    messages.success(request, _("Zapisano, kto odebrał hasło startowe."))
    return redirect("person", slug, person_id)


@require_POST
@in_association(*roles.PASSWORD_ISSUERS)
def end_access(request: StaffRequest, slug: str, person_id: int) -> HttpResponse:
    """Close the account, or only sign it out everywhere (`co=wyloguj`)."""
    account = account_of(open_person(person_id))
    if account is None:
        raise Http404
    if request.POST.get("co") == "wyloguj":
        end_sessions(actor=request.actor, account=account)
        messages.success(request, _("Wylogowano tę osobę ze wszystkich urządzeń."))
    else:
        deactivate_account(actor=request.actor, account=account)
        messages.success(request, _("Dostęp zamknięty. Otworzy go nowe hasło startowe."))
    return redirect("person", slug, person_id)


def render_person(
    request: StaffRequest, slug: str, person: Person, *, form: HandoverForm | None = None
) -> HttpResponse:
    """The person's page, with a form that was refused where there is one."""
    card = person_card(person, now=timezone.now(), today=timezone.localdate())
    newest = card.issues[0] if card.issues else None
    is_waiting = newest is not None and newest.received_at is None and card.access.state is AccessState.ISSUED
    allows_letters = request.profile.allows_letters_by_post
    view = PersonPage(
        person=person,
        card=card,
        access=access_cell(card.access),
        titles=_titles(person),
        may_issue=request.grant.can_issue_passwords,
        has_account=card.account_id is not None,
        has_open_account=card.access.state not in {AccessState.NEVER_ISSUED, AccessState.ENDED},
        is_first_issue=card.account_id is None,
        waiting=newest if is_waiting else None,
        may_go_by_post=allows_letters and newest is not None and newest.method == IssueMethod.LETTER,
        allows_letters=allows_letters,
        last_issue_id=newest.id if newest else 0,
    )
    context = {
        "page": manager_page(request, person.name, current="people", back_url=f"/a/{slug}/osoby/"),
        "view": view,
        "form": form or handover_form(person, may_go_by_post=view.may_go_by_post),
        "base_url": f"/a/{slug}/osoby/{person.pk}/",
    }
    return TemplateResponse(request, "manager/people/person.html", context)


def handover_form(person: Person, *, may_go_by_post: bool) -> HandoverForm:
    """An empty form with the person's own name."""
    form = HandoverForm(initial={"received_by": person.name})
    if may_go_by_post:
        form.let_go_by_post()
    return form


def say_rule(error: OwnerRuleError) -> str:
    """A broken rule in a sentence for the clerk."""
    return {
        "identity_not_checked": _("Hasło wydaje się osobiście dopiero po sprawdzeniu tożsamości."),
        "post_not_allowed": _("Wysyłanie haseł pocztą jest wyłączone w ustawieniach."),
        "handed_over_already": _("Odbiór tego hasła jest już zapisany."),
        "receiver_missing": _("Wpisz, kto odebrał hasło."),
        "person_not_current": _("Tej osoby nie ma już w danych: cofnięto import, z którego pochodziła."),
        "issued_meanwhile": _(
            "Od otwarcia strony wydano tej osobie inne hasło. Sprawdź historię, zanim wydasz następne."
        ),
    }[error.code]


def _titles(person: Person) -> Table:
    titles = (
        Title.objects.filter(person=person, is_current=True, premises__is_current=True)
        .select_related("premises")
        .order_by("premises__sort_key", "premises_id", "starts_on", "id")
    )
    columns = (
        Column(_("Lokal"), "what"),
        Column(_("Tytuł prawny")),
        Column(_("Udział"), "num", _("Udział")),
        Column(_("Od"), "keep", _("od")),
        Column(_("Do"), "keep", _("do")),
    )
    rows = tuple(
        (
            Cell(title.premises.code),
            Cell(_(title.get_kind_display()), note=_("wspólność łączna") if title.is_joint else ""),
            Cell(f"{title.share_numerator}/{title.share_denominator}"),
            Cell(format_day(title.starts_on)),
            Cell(format_day(title.ends_on)),
        )
        for title in titles
    )
    return Table(_("Tytuły prawne"), columns, rows, empty=_("Brak tytułów prawnych."))
