"""What an outcome metric says to those who search."""

from django.db import models

from trustportal.search.models import SearchText, plain
from trustportal.search.reading import Told


class OutcomeWords(models.Model):
    """The words by which an outcome metric is found."""

    class Meta:
        abstract = True

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [named] = told["record"]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            body=(
                plain(self.why_it_matters),
                plain(self.definition),
                plain(self.caveats),
                self.unit,
                *filter(None, named),
            ),
            kind=f"outcomemetric.{self.kind}",
            lead_key=self.lead_id,
        )
