"""What an outcome metric says to those who search."""

from django.db import models

from trustportal.search.models import SearchText, plain


class OutcomeWords(models.Model):
    """The words by which an outcome metric is found."""

    class Meta:
        abstract = True

    def to_search(self) -> SearchText:
        """What it says to those who search."""
        named = [record.name for record in (self.programme, self.partnership) if record and record.is_published]
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
                *named,
                self.lead.name if self.lead.is_published else "",
            ),
            kind=f"outcomemetric.{self.kind}",
            lead_key=self.lead_id,
        )
