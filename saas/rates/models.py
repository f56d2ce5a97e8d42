"""Rates of statutory interest that operators recorded, in public: they stand over those that the program ships.

Whatever the shipped file says of the same day, a row here counts. Pages get the rates from saas.rates.queries.
"""

from django.db import models
from django.db.models import Q


class RecordedRate(models.Model):
    """A rate in percent a year from a day on. Without a percent: nothing changed on that day, whatever is shipped."""

    effective_from = models.DateField(primary_key=True)
    annual_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    # Where it was announced, as owners read it beside the rate; of a removed one, why it was removed.
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(annual_percent__isnull=True) | Q(annual_percent__gte=0, annual_percent__lte=100),
                name="recorded_rate_percent",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="recorded_rate_source"),
        ]

    def __str__(self) -> str:
        return f"{self.effective_from} {self.annual_percent}"
