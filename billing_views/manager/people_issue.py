"""Issuing one starter password: the page that shows it once, and the letter that goes with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from associations.owners.access import open_person
from associations.owners.actions import IssuedPassword, OwnerRuleError, issue_starter_password
from associations.owners.letter_files import keep_letters
from associations.owners.models import IssueMethod
from associations.owners.queries import account_of
from associations.premises.models import Person
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.letters_print import portal_url, print_issued
from billing_views.manager.people_person import handover_form, say_rule
from billing_views.manager.people_table import format_moment_day
from billing_views.parts.notices import Secret
from saas.staff import roles


@require_POST
@sensitive_variables("issued")
@in_association(*roles.PASSWORD_ISSUERS)
def issue_password(request: StaffRequest, slug: str, person_id: int) -> HttpResponse:
    """Issue it and show it in this answer alone: it is stored nowhere, and no second request gets it.

    `last_issue` says which issue the page knew: sending the form again (reload, back) replaces no password that
    has just been handed out.
    """
    person = open_person(person_id)
    last_issue = request.POST.get("last_issue", "")
    try:
        issued = issue_starter_password(
            actor=request.actor,
            person=person,
            new_login=request.POST.get("new_login") == "1",
            method=_method(request),
            after_issue=int(last_issue) if last_issue.isascii() and last_issue.isdigit() else 0,
        )
    except OwnerRuleError as error:
        messages.error(request, say_rule(error))
        return redirect("person", slug, person_id)
    return _show_once(request, slug, person, issued)


@sensitive_variables("issued", "pdf")
def _show_once(request: StaffRequest, slug: str, person: Person, issued: IssuedPassword) -> HttpResponse:
    pdf = print_issued(request, [person], [issued], today=timezone.localdate())
    token = keep_letters(request.session, request.association.schema_name, pdf)
    base_url = f"/a/{slug}/osoby/{person.pk}/"
    context = {
        "page": manager_page(
            request,
            _("Hasło startowe: {name}").format(name=person.name),
            current="people",
            back_url=base_url,
        ),
        "secret": Secret(issued.login, issued.grouped, format_moment_day(issued.expires_at)),
        "portal_url": portal_url(request),
        "is_first_issue": account_of(person) is None,
        "download_url": f"/a/{slug}/hasla/{token}/",
        "base_url": base_url,
        "issue_id": issued.issue_id,
        "form": handover_form(person, may_go_by_post=_may_go_by_post(request)),
    }
    return TemplateResponse(request, "manager/people/issued.html", context)


def _may_go_by_post(request: StaffRequest) -> bool:
    return request.profile.allows_letters_by_post and _method(request) == IssueMethod.LETTER


def _method(request: StaffRequest) -> IssueMethod:
    is_letter = request.POST.get("method") == IssueMethod.LETTER
    return IssueMethod.LETTER if is_letter else IssueMethod.IN_PERSON
