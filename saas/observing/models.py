"""What all associations said of themselves when they were last asked in the background, in public."""

from django.db import models
from django.db.models import Q


class KeptSurvey(models.Model):
    """One row at most, replaced whole: counts and slugs, nobody's data (saas.observing.surveys)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    asked_at = models.DateTimeField()
    # Associations by state, and by the smallest number of premises of their class.
    states = models.JSONField()
    sizes = models.JSONField()
    # Slugs: of those that lack migrations, and of those that did not answer.
    behind = models.JSONField()
    unreadable = models.JSONField()
    # Slug and bytes of those that take the most room at the server.
    largest = models.JSONField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="kept_survey_one_row")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
