"""The resources of the owners' API; each answers with one description of resources.py under its own entry."""

from collections.abc import Callable
from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from associations.periods import Month
from billing_views.api.owner import (
    resources,
    resources_funds,
    resources_monthly,
    serializers,
    serializers_funds,
    serializers_monthly,
)
from billing_views.api.owner.asked_days import DAY_PARAMETER, FIRST, FIRST_PARAMETER, asked_day
from billing_views.api.owner.entry import OwnerApiRequest
from billing_views.api.problems import BAD_REQUEST, CONTENT_TYPE
from billing_views.api.serializers import ErrorSerializer
from billing_views.owner.known_rates import rates_of

Get = Callable[..., dict[str, Any]]
HOLDING = {"type": "integer", "format": "int64", "minimum": 1}
YEAR = {"type": "integer", "minimum": 1900, "maximum": 2999}
MONTH = {"type": "integer", "minimum": 1, "maximum": 12}
PARAMETERS = {
    "holding_id": OpenApiParameter("holding_id", HOLDING, "path", description="Kartoteka z /me/."),
    "year": OpenApiParameter("year", YEAR, "path", description="Rok kalendarzowy."),
    "fund_id": OpenApiParameter("fund_id", HOLDING, "path", description="Fundusz z /balances/."),
    "month": OpenApiParameter("month", MONTH, "path", description="Miesiąc, od 1 do 12."),
    "day": DAY_PARAMETER,
    "first": FIRST_PARAMETER,
}
ERROR = OpenApiResponse(ErrorSerializer)
REFUSALS = {(status, CONTENT_TYPE): ERROR for status in (401, 403, 404, 429)}
BAD_DAY = {(BAD_REQUEST, CONTENT_TYPE): ERROR}


class AlwaysJson(BaseContentNegotiation):
    """JSON whatever is asked for: there is nothing else to choose."""

    def select_parser(self, request: Any, parsers: Any) -> Any:  # noqa: ARG002 - DRF's signature
        """Nothing is sent to this API."""
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:  # noqa: ARG002
        """The only one."""
        return renderers[0], renderers[0].media_type


class OwnerView(APIView):
    """A resource of one owner."""

    content_negotiation_class = AlwaysJson


def answers(
    operation: str, summary: str, serializer: type[serializers.Serializer], *parameters: str
) -> Callable[[Get], Any]:
    """A GET whose described value the serializer writes; `parameters` are those of its address and query."""

    def decorate(get: Get) -> Any:
        def answer(view: OwnerView, request: Request, **parts: Any) -> Response:
            inside = cast("OwnerApiRequest", request._request)  # noqa: SLF001 - prepared by the entry
            # The entry has opened the holding already.
            parts.pop("holding_id", None)
            return Response(serializer(get(view, inside, **parts)).data)

        answer.__doc__ = get.__doc__
        return extend_schema(
            operation_id=operation,
            summary=summary,
            description=get.__doc__,
            tags=["kartoteka"] if "holding_id" in parameters else ["osoba"],
            parameters=[PARAMETERS[name] for name in parameters],
            responses={200: serializer, **(BAD_DAY if "day" in parameters else {}), **REFUSALS},
        )(answer)

    return decorate


class MeView(OwnerView):
    """`me/`."""

    @answers("get_me", "Osoba i jej kartoteki", serializers.MeSerializer)
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Dane osoby i wszystkie kartoteki, także po sprzedaży lokalu."""
        return resources.describe_me(request.person, request.profile)


class HoldingView(OwnerView):
    """`holdings/<id>/`."""

    @answers("get_holding", "Kartoteka", serializers.HoldingSerializer, "holding_id")
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Lokal i okres, w którym był tej osoby."""
        return resources.describe_holding(request.holding)


class BalancesView(OwnerView):
    """`balances/`."""

    @answers("get_balances", "Salda funduszy", serializers.BalancesSerializer, "holding_id")
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Najnowsze saldo każdego funduszu z odsetkami i dniem, na który je podano; bez sumy funduszy."""
        return resources.describe_balances(request.holding, request.profile)


class ExplanationView(OwnerView):
    """`funds/<id>/balance/`."""

    @answers(
        "get_balance_explanation",
        "Skąd to saldo",
        serializers_funds.ExplanationSerializer,
        "holding_id",
        "fund_id",
        "day",
    )
    def get(self, request: OwnerApiRequest, fund_id: int) -> dict[str, Any]:
        """Saldo funduszu dokument po dokumencie: plik i wiersz każdego, co jest po terminie płatności."""
        return resources_funds.describe_explanation(
            request.holding, request.profile, fund_id, day=asked_day(request)
        )


class InterestView(OwnerView):
    """`funds/<id>/interest/`."""

    @answers(
        "get_interest",
        "Odsetki",
        serializers_funds.FundInterestSerializer,
        "holding_id",
        "fund_id",
        "first",
        "day",
    )
    def get(self, request: OwnerApiRequest, fund_id: int) -> dict[str, Any]:
        """Odsetki podane przez zarządcę i wyliczenie informacyjne portalu, wiersz po wierszu."""
        return resources_funds.describe_interest(
            request.holding,
            fund_id,
            rates_of(request),
            first=asked_day(request, FIRST),
            day=asked_day(request),
        )


class LedgerYearsView(OwnerView):
    """`ledger/`."""

    @answers("list_ledger_years", "Lata kartoteki", serializers.LedgerYearsSerializer, "holding_id")
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Lata, które można odczytać."""
        return resources.describe_ledger_years(request.holding)


class LedgerView(OwnerView):
    """`ledger/<year>/`."""

    @answers("get_ledger", "Rok kartoteki", serializers.LedgerYearSerializer, "holding_id", "year")
    def get(self, request: OwnerApiRequest, year: int) -> dict[str, Any]:
        """Konta z bilansem otwarcia, wpisami, obrotami i saldem końcowym."""
        return resources.describe_ledger(request.holding, year)


class AccountsView(OwnerView):
    """`accounts/`."""

    @answers("list_accounts", "Konta", serializers.AccountsSerializer, "holding_id")
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Konta księgowe z latami, za które są wpisy."""
        return resources.describe_accounts(request.holding)


class ChargedMonthsView(OwnerView):
    """`charges/`."""

    @answers(
        "list_charged_months", "Miesiące opłat", serializers_monthly.ChargedMonthsSerializer, "holding_id"
    )
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Miesiące, za które są opłaty, z ich sumami."""
        return resources_monthly.describe_charged_months(request.holding)


class ChargesView(OwnerView):
    """`charges/<year>/<month>/`."""

    @answers(
        "get_charges",
        "Opłaty za miesiąc",
        serializers_monthly.ChargesSerializer,
        "holding_id",
        "year",
        "month",
    )
    def get(self, request: OwnerApiRequest, year: int, month: int) -> dict[str, Any]:
        """Składniki opłat według funduszy i co się w nich zmieniło od poprzedniego miesiąca z opłatami."""
        return resources_monthly.describe_charges(request.holding, request.profile, Month(year, month))


class MediaView(OwnerView):
    """`media/`."""

    @answers("list_media", "Media i lata", serializers_monthly.MediaSerializer, "holding_id")
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Lata i media, za które są odczyty albo rozliczenia."""
        return resources_monthly.describe_media(request.holding)


class ReadingsView(OwnerView):
    """`readings/<year>/`."""

    @answers("get_readings", "Odczyty roku", serializers_monthly.ReadingsSerializer, "holding_id", "year")
    def get(self, request: OwnerApiRequest, year: int) -> dict[str, Any]:
        """Odczyty wszystkich mediów i wymiany liczników."""
        return resources_monthly.describe_readings(request.holding, year)


class SettlementsView(OwnerView):
    """`settlements/<year>/`."""

    @answers(
        "get_settlements", "Rozliczenia roku", serializers_monthly.SettlementsSerializer, "holding_id", "year"
    )
    def get(self, request: OwnerApiRequest, year: int) -> dict[str, Any]:
        """Rozliczenia mediów za okresy zakończone w tym roku."""
        return resources_monthly.describe_settlements(request.holding, year)


class PaymentsView(OwnerView):
    """`payments/`."""

    @answers("list_payments", "Wpłaty niezaksięgowane", serializers_monthly.PaymentsSerializer, "holding_id")
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Wpłaty otrzymane, jeszcze niezaksięgowane; nie wchodzą do salda."""
        return resources_monthly.describe_payments(request.holding)


class TransfersView(OwnerView):
    """`transfers/`."""

    @answers("list_transfers", "Dane do przelewu", serializers_monthly.TransfersSerializer, "holding_id")
    def get(self, request: OwnerApiRequest) -> dict[str, Any]:
        """Odbiorca, numer rachunku, kwota i tytuł przelewu za każdy fundusz."""
        return resources_monthly.describe_transfers(request.holding, request.profile)
