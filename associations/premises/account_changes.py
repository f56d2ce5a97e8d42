"""Which bank accounts of premises changed lately: by an import, its undo, or the manager's hand. Writes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection

from associations.imports.standing import HERE
from associations.premises.account_timeline import ANNOUNCED, AccountChange, AccountEvent, find_change
from associations.premises.models import TransferAccount
from associations.profile.funds import FundLabel
from associations.profile.models import Fund

# What became of numbers since a moment: those of the premises (premises_id) and of the association's funds (none).
# An undo of an import brings the number before it back.
_EVENTS = """
WITH own AS MATERIALIZED (
    SELECT t.premises_id, t.fund_id, p.at, p.id, p.batch_id,
           CASE WHEN (c.before ->> 'is_current')::boolean THEN c.before ->> 'nrb' ELSE '' END AS former,
           CASE WHEN (c.after ->> 'is_current')::boolean THEN c.after ->> 'nrb' ELSE '' END AS present
      FROM premises_transferaccount t
      JOIN imports_registrychange c ON c.registry = 'transfer_account' AND c.object_id = t.id
      JOIN imports_publication p ON p.id = c.publication_id AND p.kind = 'publish'
     WHERE t.premises_id = ANY(%(premises)s)
)
SELECT premises_id, fund_id, at, former, present FROM own WHERE at >= %(since)s
 UNION ALL
SELECT o.premises_id, o.fund_id, u.at, o.present, o.former FROM own o
  JOIN imports_publication u ON u.batch_id = o.batch_id AND u.kind = 'undo' AND u.id > o.id
 WHERE u.at >= %(since)s
 UNION ALL
SELECT NULL, f.fund_id, f.at, f.before, f.after FROM profile_fundaccountchange f WHERE f.at >= %(since)s
 ORDER BY 3
"""


@dataclass(frozen=True, slots=True)
class AnnouncedChange:
    """A changed number of a fund that owners of a premises are told of."""

    fund: FundLabel
    change: AccountChange

    @property
    def changed_on(self) -> dt.date:
        """The day in Poland."""
        return self.change.at.astimezone(HERE).date()


def announced_changes(
    premises: Mapping[int, dt.date | None], *, today: dt.date
) -> dict[int, tuple[AnnouncedChange, ...]]:
    """Changes of the last 60 days by premises, in the order of funds; premises without any are left out.

    `premises`: the keys of those that the owner has now, each with the first day of the holding: what changed before
    it concerned others. One query where nothing changed, else three.
    """
    since = dt.datetime.combine(today - ANNOUNCED + dt.timedelta(days=1), dt.time.min, tzinfo=HERE)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"premises": list(premises), "since": since})
        rows = cursor.fetchall()
    if not rows or not premises:
        return {}
    own = _own_numbers(premises)
    funds = Fund.objects.filter(id__in={fund for _, fund, *_ in rows}).order_by("position", "id")
    found: dict[int, tuple[AnnouncedChange, ...]] = {}
    labels = [(FundLabel(fund.pk, fund.kind, fund.name, fund.position), fund.bank_account) for fund in funds]
    for one, starts_on in premises.items():
        told = []
        for label, common in labels:
            events = [
                AccountEvent(at, premises_id is not None, former, present)
                for premises_id, fund, at, former, present in rows
                if fund == label.id and premises_id in {one, None} and _is_after(at, starts_on)
            ]
            change = find_change(events, own=own[one].get(label.id, ""), common=common)
            if change:
                told.append(AnnouncedChange(label, change))
        if told:
            found[one] = tuple(told)
    return found


def _own_numbers(premises: Collection[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = TransferAccount.objects.filter(premises__in=premises, is_current=True).order_by("id")
    for premises_id, fund_id, nrb in rows.values_list("premises_id", "fund_id", "nrb"):
        found[premises_id][fund_id] = nrb
    return found


def _is_after(at: dt.datetime, starts_on: dt.date | None) -> bool:
    return starts_on is None or at.astimezone(HERE).date() >= starts_on
