"""The declared table: what each role gets at each address of both doors.

A row is keyed by the address's pattern and says, per method, the outcome for every role. An address without a row
fails the build, and so does a row without an address (test_urls.py). Objects in the addresses are those of the
cooperative, and of OWNER's holding below `/lokal/` and `/podglad/`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from tests.cast import STAFF_HERE, STAFF_ROLES, Role


class Outcome(Enum):
    """What an answer is, as far as access goes."""

    OK = "200"
    DONE = "the view itself answers: 200, a redirect to a page, or a refusal of what was sent"
    SIGN_IN = "redirect to the sign-in page"
    MOVED = "redirect to a page"
    FORBIDDEN = "403"
    MISSING = "404"
    WRONG_METHOD = "405"
    NO_TOKEN = "401: a program's token is asked for, and no session counts"


Rule = Mapping[Role, Outcome]
OK, DONE, SIGN_IN, MOVED, FORBIDDEN, MISSING, WRONG_METHOD, NO_TOKEN = Outcome


def rule(usual: Outcome, *exceptions: tuple[Iterable[Role], Outcome]) -> Rule:
    """The usual outcome, but for the roles named; a later exception wins."""
    outcomes = dict.fromkeys(Role, usual)
    for roles, outcome in exceptions:
        outcomes |= dict.fromkeys(roles, outcome)
    return outcomes


@dataclass(frozen=True, slots=True)
class Row:
    """GET and POST of one address. POST with a CSRF token; without one nobody gets anything done."""

    get: Rule
    post: Rule


def at_apex(outcome: Outcome, *roles: Role) -> Rule:
    """A page of one association for these roles: others there are refused, the rest finds nothing."""
    elsewhere = (Role.MANAGER_ELSEWHERE, Role.OPERATOR)
    return rule(SIGN_IN, (STAFF_HERE, FORBIDDEN), (roles, outcome), (elsewhere, MISSING))


NO_METHOD = rule(WRONG_METHOD)
EVERYBODY = rule(OK)
ALL_STAFF = rule(SIGN_IN, (STAFF_ROLES, OK))
NO_FACTOR = rule(SIGN_IN, (STAFF_ROLES, MISSING))
IMPORTERS = (Role.MANAGER, Role.BOOKKEEPER, Role.PUBLISHING_BOOKKEEPER)
PUBLISHERS = (Role.MANAGER, Role.PUBLISHING_BOOKKEEPER)
SEES_IMPORTS = (*IMPORTERS, Role.READER)
PASSWORD_ISSUERS = (Role.MANAGER, Role.OFFICE)
PRINTERS = (*IMPORTERS, Role.OFFICE)
SEES_PEOPLE = (*PASSWORD_ISSUERS, Role.READER)
FAMILY = (Role.OWNER, Role.CO_OWNER)
OWNERS_HERE = (*FAMILY, Role.FORMER_OWNER, Role.BUYER, Role.NEIGHBOUR)


def reads(*roles: Role) -> Row:
    """A page of an association that is only read, for these roles."""
    return Row(at_apex(OK, *roles), NO_METHOD)


def reads_nothing() -> Row:
    """An address of an association at which there is nothing yet, whatever the role."""
    return Row(rule(SIGN_IN, (STAFF_ROLES, MISSING)), NO_METHOD)


def writes(*roles: Role) -> Row:
    """An address of an association that only takes POST, from these roles."""
    return Row(NO_METHOD, at_apex(DONE, *roles))


def publishes(get: Rule) -> Row:
    """Publishing and undoing: a bookkeeper without the right to is sent back to the batch."""
    return Row(get, rule_with(at_apex(DONE, *PUBLISHERS), Role.BOOKKEEPER, MOVED))


def rule_with(given: Rule, role: Role, outcome: Outcome) -> Rule:
    """The rule with another outcome for one role."""
    return {**given, role: outcome}


BATCH = "a/<slug:slug>/importy/<int:batch_id>/"
NOTICES = "a/<slug:slug>/zawiadomienia/"
NOTICE_RUN = f"{NOTICES}<int:run_id>/"
PROFILE = "a/<slug:slug>/importy/profile/<int:profile_id>/"
PERSON = "a/<slug:slug>/osoby/<int:person_id>/"
PREVIEW = "a/<slug:slug>/podglad/<int:holding_id>/"
HOLDING = "lokal/<int:holding_id>/"

# The API of programs; what tokens open is tried in tests/billing_views/api.
API = "api/v1/associations/<slug:slug>/imports/"
API_BATCH = f"{API}<int:batch_id>/"
API_PAGES = ("", "problems/", "declarations/", "publish/", "undo/", "cancel/")
BY_TOKEN = Row(rule(NO_TOKEN), rule(NO_TOKEN))

# What is downloaded below a holding: `<form:form>` is csv or xlsx.
HOLDING_FILES = (
    "kartoteka/<year:year>/pdf/",
    "kartoteka/<year:year>/<form:form>/",
    "oplaty/<year:year>/<month:month>/pdf/",
    "oplaty/<year:year>/<month:month>/<form:form>/",
    "oplaty/<year:year>/<month:month>/miesiace/<form:form>/",
    "oplaty/<year:year>/<form:form>/",
    "ksiegowosc/<year:year>/<form:form>/",
    "ksiegowosc/<year:year>/<int:account_id>/<form:form>/",
    "media/<year:year>/pdf/",
    "media/<year:year>/odczyty/<form:form>/",
    "media/<year:year>/rozliczenia/<form:form>/",
    "saldo/pdf/",
    "saldo/<form:form>/",
    "wplaty/<form:form>/",
    "dane/<form:form>/",
)

# Pages below a holding: the same list under both mounts.
HOLDING_PAGES = (
    "kartoteka/",
    "kartoteka/<year:year>/",
    "kartoteka/szukaj/",
    "skad-saldo/<int:fund_id>/",
    "odsetki/<int:fund_id>/",
    "oplaty/",
    "oplaty/<year:year>/",
    "oplaty/<year:year>/<month:month>/",
    "ksiegowosc/",
    "ksiegowosc/<year:year>/<int:account_id>/",
    "media/",
    "przelew/",
    "dane/",
    "informacje/",
    "zmien/",
    "dokumenty/",
    *HOLDING_FILES,
)

# The owners' API: a session or a personal key; what keys open is tried in tests/billing_views/api/owner.
OWNER_API = "api/v1/holdings/<int:holding_id>/"
OWNER_API_PAGES = (
    "",
    "balances/",
    "funds/<int:fund_id>/balance/",
    "funds/<int:fund_id>/interest/",
    "ledger/",
    "ledger/<year:year>/",
    "accounts/",
    "charges/",
    "charges/<year:year>/<month:month>/",
    "media/",
    "readings/<year:year>/",
    "settlements/<year:year>/",
    "payments/",
    "transfers/",
)

APEX: dict[str, Row] = {
    "": Row(ALL_STAFF, NO_METHOD),
    "logowanie/": Row(rule(OK, (STAFF_ROLES, MOVED)), rule(OK, (STAFF_ROLES, MOVED))),
    "kod/": Row(rule(SIGN_IN), rule(SIGN_IN)),
    "wyloguj/": Row(NO_METHOD, rule(SIGN_IN)),
    "jezyk/": Row(NO_METHOD, rule(MOVED)),
    "zaproszenie/<str:token>/": Row(rule(MISSING), rule(MISSING)),
    "nowe-haslo/": Row(EVERYBODY, EVERYBODY),
    "nowe-haslo/<str:token>/": Row(rule(MISSING), rule(MISSING)),
    "platforma/": Row(rule(SIGN_IN, (STAFF_ROLES, MISSING), ((Role.OPERATOR,), OK)), NO_METHOD),
    "konto/": Row(ALL_STAFF, rule(SIGN_IN, (STAFF_ROLES, DONE))),
    "konto/haslo/": Row(ALL_STAFF, rule(SIGN_IN, (STAFF_ROLES, DONE))),
    "konto/wyloguj-wszedzie/": Row(rule(SIGN_IN, (STAFF_ROLES, WRONG_METHOD)), rule(SIGN_IN)),
    "konto/drugi-skladnik/": Row(ALL_STAFF, rule(SIGN_IN, (STAFF_ROLES, DONE))),
    # Nobody of the cast has a second factor: there is nothing to renew or to take off.
    "konto/drugi-skladnik/wylacz/": Row(NO_FACTOR, NO_FACTOR),
    "konto/kody-zapasowe/": Row(NO_FACTOR, NO_FACTOR),
    "a/<slug:slug>/": reads(*STAFF_HERE),
    "a/<slug:slug>/lokale/": reads(*STAFF_HERE),
    "a/<slug:slug>/ustawienia/": Row(at_apex(OK, Role.MANAGER), at_apex(DONE, Role.MANAGER)),
    "a/<slug:slug>/ustawienia/wyglad/": Row(at_apex(OK, Role.MANAGER), at_apex(DONE, Role.MANAGER)),
    "a/<slug:slug>/ustawienia/wyglad/usun-znak/": writes(Role.MANAGER),
    # No association of the samples has a logo.
    "a/<slug:slug>/znak/<digest:digest>.png": reads_nothing(),
    "barwy/<color:color>.css": Row(EVERYBODY, NO_METHOD),
    "a/<slug:slug>/ustawienia/rachunki/": reads(Role.MANAGER),
    "a/<slug:slug>/ustawienia/rachunki/<int:fund_id>/": Row(
        at_apex(OK, Role.MANAGER), at_apex(DONE, Role.MANAGER)
    ),
    "a/<slug:slug>/zamkniete-lata/": Row(at_apex(OK, Role.MANAGER), at_apex(DONE, Role.MANAGER)),
    "a/<slug:slug>/dziennik/": reads(Role.MANAGER),
    "a/<slug:slug>/importy/": Row(at_apex(OK, *SEES_IMPORTS), at_apex(DONE, *IMPORTERS)),
    BATCH: reads(*SEES_IMPORTS),
    f"{BATCH}postep/": reads(*SEES_IMPORTS),
    f"{BATCH}publikuj/": publishes(NO_METHOD),
    f"{BATCH}anuluj/": writes(*IMPORTERS),
    f"{BATCH}sprawdz-ponownie/": writes(*IMPORTERS),
    f"{BATCH}ustalenia/": writes(*IMPORTERS),
    f"{BATCH}odrzuc/": writes(*IMPORTERS),
    f"{BATCH}cofnij/": publishes(rule_with(at_apex(OK, *PUBLISHERS), Role.BOOKKEEPER, MOVED)),
    f"{BATCH}zmiany/": reads(*SEES_IMPORTS),
    f"{BATCH}problemy.csv": reads(*SEES_IMPORTS),
    f"{BATCH}pliki/<int:number>/": reads(*SEES_IMPORTS),
    f"{BATCH}pliki/<int:number>/z-uwagami/": reads(*SEES_IMPORTS),
    f"{BATCH}odczyt/<int:number>/<int:place>/": Row(at_apex(OK, *SEES_IMPORTS), at_apex(DONE, *IMPORTERS)),
    "a/<slug:slug>/importy/profile/": reads(*SEES_IMPORTS),
    PROFILE: reads(*SEES_IMPORTS),
    f"{PROFILE}nazwa/": writes(*IMPORTERS),
    f"{PROFILE}usun/": Row(at_apex(OK, *IMPORTERS), at_apex(DONE, *IMPORTERS)),
    f"{PROFILE}udostepnij/": writes(*IMPORTERS),
    "a/<slug:slug>/osoby/": reads(*SEES_PEOPLE),
    PERSON: reads(*SEES_PEOPLE),
    f"{PERSON}haslo/": writes(*PASSWORD_ISSUERS),
    f"{PERSON}drugi-skladnik/": writes(*PASSWORD_ISSUERS),
    f"{PERSON}dostep/": writes(*PASSWORD_ISSUERS),
    f"{PERSON}odbior/<int:issue_id>/": writes(*PASSWORD_ISSUERS),
    "a/<slug:slug>/hasla/": Row(at_apex(OK, *PASSWORD_ISSUERS), at_apex(DONE, *PASSWORD_ISSUERS)),
    # The letters of a session are downloaded with its own token; nobody of the cast has any.
    "a/<slug:slug>/hasla/<str:token>/": Row(NO_METHOD, at_apex(DONE, *PASSWORD_ISSUERS)),
    NOTICES: Row(at_apex(OK, *PRINTERS), at_apex(DONE, *PRINTERS)),
    NOTICE_RUN: reads(*PRINTERS),
    f"{NOTICE_RUN}postep/": reads(*PRINTERS),
    f"{NOTICE_RUN}anuluj/": writes(*PRINTERS),
    # The samples' run waits: it has no papers yet.
    f"{NOTICE_RUN}plik/": Row(at_apex(MISSING, *PRINTERS), NO_METHOD),
    f"{NOTICE_RUN}pliki/<int:number>/": Row(at_apex(MISSING, *PRINTERS), NO_METHOD),
    **{f"{PREVIEW}{page}": reads(*STAFF_HERE) for page in HOLDING_PAGES},
    "api/v1/schema/": Row(EVERYBODY, NO_METHOD),
    "api/v1/docs/": Row(EVERYBODY, NO_METHOD),
    API: BY_TOKEN,
    **{f"{API_BATCH}{page}": BY_TOKEN for page in API_PAGES},
    "konto/programy/": Row(ALL_STAFF, rule(SIGN_IN, (STAFF_ROLES, DONE))),
    "konto/programy/<uuid:token_id>/uniewaznij/": Row(
        rule(SIGN_IN, (STAFF_ROLES, WRONG_METHOD)), rule(SIGN_IN, (STAFF_ROLES, MISSING))
    ),
}

ASSOCIATION: dict[str, Row] = {
    "": Row(EVERYBODY, NO_METHOD),
    "prywatnosc/": Row(EVERYBODY, NO_METHOD),
    "cookies/": Row(EVERYBODY, NO_METHOD),
    "dostepnosc/": Row(EVERYBODY, NO_METHOD),
    "barwy/<color:color>.css": Row(EVERYBODY, NO_METHOD),
    "znak/<digest:digest>.png": Row(rule(MISSING), NO_METHOD),
    "logowanie/": Row(rule(OK, (OWNERS_HERE, MOVED)), rule(OK, (OWNERS_HERE, MOVED))),
    "wyloguj/": Row(NO_METHOD, rule(MOVED)),
    "haslo/": Row(rule(SIGN_IN, (OWNERS_HERE, OK)), rule(SIGN_IN, (OWNERS_HERE, DONE))),
    "logowanie/kod/": Row(rule(SIGN_IN), rule(SIGN_IN)),
    "nie-pamietam-hasla/": Row(EVERYBODY, NO_METHOD),
    "konto/": Row(rule(SIGN_IN, (OWNERS_HERE, OK)), NO_METHOD),
    "konto/logowania/": Row(rule(SIGN_IN, (OWNERS_HERE, OK)), NO_METHOD),
    "konto/sesje/<str:handle>/": Row(
        rule(SIGN_IN, (OWNERS_HERE, MISSING)), rule(SIGN_IN, (OWNERS_HERE, MISSING))
    ),
    **{
        f"konto/{page}": Row(rule(SIGN_IN, (OWNERS_HERE, OK)), rule(SIGN_IN, (OWNERS_HERE, DONE)))
        for page in ("wyloguj-wszedzie/", "e-mail/", "e-mail/usun/", "powiadomienia/", "drugi-skladnik/")
    },
    # Nobody of the cast has a second factor: there is nothing to renew or to take off.
    "konto/drugi-skladnik/wylacz/": Row(*[rule(SIGN_IN, (OWNERS_HERE, MISSING))] * 2),
    "konto/kody-zapasowe/": Row(*[rule(SIGN_IN, (OWNERS_HERE, MISSING))] * 2),
    "e-mail/potwierdz/<str:token>/": Row(rule(MISSING), rule(MISSING)),
    "e-mail/wypisz/<str:token>/": Row(rule(MISSING), rule(MISSING)),
    "jezyk/": Row(NO_METHOD, rule(MOVED)),
    "konto/kopia-danych/": Row(rule(SIGN_IN, (OWNERS_HERE, OK)), NO_METHOD),
    "start/": Row(rule(SIGN_IN, (OWNERS_HERE, MOVED)), NO_METHOD),
    **{
        f"{HOLDING}{page}": Row(rule(SIGN_IN, (OWNERS_HERE, MISSING), (FAMILY, OK)), NO_METHOD)
        for page in HOLDING_PAGES
    },
    "api/v1/schema/": Row(EVERYBODY, NO_METHOD),
    "api/v1/docs/": Row(EVERYBODY, NO_METHOD),
    "konto/klucze/": Row(rule(SIGN_IN, (OWNERS_HERE, OK)), rule(SIGN_IN, (OWNERS_HERE, DONE))),
    "konto/klucze/<uuid:token_id>/uniewaznij/": Row(NO_METHOD, rule(SIGN_IN, (OWNERS_HERE, MISSING))),
    "api/v1/me/": Row(rule(NO_TOKEN, (OWNERS_HERE, OK)), NO_METHOD),
    **{
        f"{OWNER_API}{page}": Row(rule(NO_TOKEN, (OWNERS_HERE, MISSING), (FAMILY, OK)), NO_METHOD)
        for page in OWNER_API_PAGES
    },
}

TABLE = {"apex": APEX, "association": ASSOCIATION}
