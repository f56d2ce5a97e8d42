"""Which bank accounts of premises changed lately: by an import, its undo, or the manager's hand. Writes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db import connection

from associations.imports.standing import HERE
from associations.premises.account_timeline import ANNOUNCED, AccountChange, AccountEvent, find_change
from associations.profile.funds import FundLabel

# What became of the numbers of these premises since a moment, each event with the numbers of now. An undo of an import
# brings the number before it back; a fund's account of the association is under every premises.
_EVENTS = """
WITH own AS MATERIALIZED (
    SELECT t.premises_id, t.fund_id, p.at, p.id, p.batch_id,
           CASE WHEN (c.before ->> 'is_current')::boolean THEN c.before ->> 'nrb' ELSE '' END AS former,
           CASE WHEN (c.after ->> 'is_current')::boolean THEN c.after ->> 'nrb' ELSE '' END AS present
      FROM premises_transferaccount t
      JOIN imports_registrychange c ON c.registry = 'transfer_account' AND c.object_id = t.id
      JOIN imports_publication p ON p.id = c.publication_id AND p.kind = 'publish'
     WHERE t.premises_id = ANY(%(premises)s)
), events AS MATERIALIZED (
    SELECT premises_id, fund_id, at, true AS is_own, former, present FROM own WHERE at >= %(since)s
     UNION ALL
    SELECT o.premises_id, o.fund_id, u.at, true, o.present, o.former FROM own o
      JOIN imports_publication u ON u.batch_id = o.batch_id AND u.kind = 'undo' AND u.id > o.id
     WHERE u.at >= %(since)s
     UNION ALL
    SELECT w.id, c.fund_id, c.at, false, c.before, c.after FROM profile_fundaccountchange c
     CROSS JOIN unnest(%(premises)s::bigint[]) AS w (id) WHERE c.at >= %(since)s
)
SELECT e.premises_id, f.id, f.kind, f.name, f.position, coalesce(t.nrb, ''), f.bank_account,
       e.at, e.is_own, e.former, e.present
  FROM events e JOIN profile_fund f ON f.id = e.fund_id
  LEFT JOIN premises_transferaccount t ON t.premises_id = e.premises_id AND t.fund_id = e.fund_id AND t.is_current
 ORDER BY e.premises_id, f.position, f.id, e.at
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
    it concerned others. One query.
    """
    since = dt.datetime.combine(today - ANNOUNCED + dt.timedelta(days=1), dt.time.min, tzinfo=HERE)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"premises": list(premises), "since": since})
        rows = cursor.fetchall()
    found: dict[int, list[AnnouncedChange]] = defaultdict(list)
    for (one, *fund, own, common), events in groupby(rows, key=itemgetter(slice(7))):
        concerned = [AccountEvent(*event[7:]) for event in events if _is_after(event[7], premises[one])]
        change = find_change(concerned, own=own, common=common)
        if change:
            found[one].append(AnnouncedChange(FundLabel(*fund), change))
    return {one: tuple(changes) for one, changes in found.items()}


def _is_after(at: dt.datetime, starts_on: dt.date | None) -> bool:
    return starts_on is None or at.astimezone(HERE).date() >= starts_on
