"""Reading the audit log (dziennik zdarzeń): newest first, page by page."""

from django.db.models import QuerySet

from associations.audit.models import AuditEntry


def audit_entries() -> QuerySet[AuditEntry]:
    """All entries, the newest first."""
    return AuditEntry.objects.order_by("-id")
