"""Reading the audit log (dziennik zdarzeń): newest first, page by page."""

from django.db.models import QuerySet

from associations.audit.models import AuditEntry


def audit_entries() -> QuerySet[AuditEntry]:
    """All entries, the newest first."""
    return AuditEntry.objects.order_by("-id")


READING_ACTS = frozenset(
    {"data_copy.made", "holding.previewed", "import.file_downloaded", "notices.downloaded"}
)
"""Acts of pages that only show something: the one thing that they write is that somebody looked."""


def count_writing_acts(*, using: str = "default") -> int:
    """How many entries tell of something that was changed, and not only looked at."""
    return AuditEntry.objects.using(using).exclude(action__in=READING_ACTS).count()


def last_writing_acts(count: int, *, using: str = "default") -> tuple[str, ...]:
    """The actions (`import.uploaded`) of the youngest such entries, the youngest first."""
    entries = AuditEntry.objects.using(using).exclude(action__in=READING_ACTS).order_by("-id")
    return tuple(entries.values_list("action", flat=True)[:count])
