"""„Pobierz kopię moich danych”: a ZIP of JSON and CSV with what the portal keeps about a person (art. 15, 20 RODO).

At the owner's door alone: a manager's preview has no such thing.
"""

import tempfile
from typing import IO, Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from associations.audit.actions import record_act
from associations.owners.actions import owner_actor
from billing_views.owner.data_copy_file import write_copy
from billing_views.owner.entry import turn_away
from billing_views.owner.file_answers import CONTENT_TYPES, name_file
from saas.tenancy.snapshots import read_snapshot


@require_safe
def download_copy(request: HttpRequest) -> HttpResponse:
    """The whole copy, read at one moment; that it was taken is written down."""
    refusal = turn_away(request)
    if refusal:
        return refusal
    account: Any = request.user  # an OwnerAccount: turn_away has seen to it
    content: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with read_snapshot():
        write_copy(content, account, request.profile)  # type: ignore[attr-defined]
    record_act(actor=owner_actor(account), action="data_copy.made", target=f"person:{account.person_id}")
    content.seek(0)
    answer = FileResponse(
        content,
        as_attachment=True,
        filename=name_file(request, "zip", "moje-dane", localdate().isoformat()),
        content_type=CONTENT_TYPES["zip"],
    )
    add_never_cache_headers(answer)
    # Bytes of a file, not rows: streaming them needs no association.
    return cast("HttpResponse", answer)


download_copy.door_entry = "owner"  # type: ignore[attr-defined]  # read by the isolation tests
