"""Sources: what a statement rests on."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models.finding import FoundQuerySet, published_name, year_of
from trustportal.constraints import facet_index, not_before
from trustportal.partial_date import PartialDateField, Span
from trustportal.publishing.models import Part, Publishable
from trustportal.search.models import Searchable, SearchText, label_of, plain
from trustportal.search.reading import Rows, Told


class SourceQuerySet(FoundQuerySet):
    """The words for sources."""

    def with_year(self) -> Self:
        """Adds `year`: when they were published."""
        return self.annotate(year=year_of("published_on"))

    def published_during(self, span: Span) -> Self:
        """Those whose dates do not rule out that their publisher brought them out within a span."""
        return self.overlapping(span, "published_on", "published_on")

    def newest_first(self) -> Self:
        """Those that came out last come first, those without a date at the end."""
        return self.order_by(models.F("published_on").desc(nulls_last=True), "name", "pk")

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return self.with_named("publisher")

    def for_list(self) -> Self:
        """What a row of the list needs."""
        return self.select_related("publisher").in_name_order()

    def for_foot(self) -> Self:
        """What the foot of a page that rests on them needs; drafts too, see `CitedRecord.published_sources`."""
        return self.for_list()

    def for_page(self) -> Self:
        """What the source's own page needs."""
        return self.select_related("publisher")

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides."""
        return {"record": Rows(self.searched(), "pk", published_name("publisher"))}


class Source(Searchable, Publishable):
    """A document, page, report, book or video on which statements rest."""

    class Kind(models.TextChoices):
        """What sort of thing it is."""

        WEB_PAGE = "web-page", _("Web page")
        REPORT = "report", _("Report")
        BOOK = "book", _("Book")
        VIDEO = "video", _("Video")
        DATA = "data", _("Data")

    review_interval = datetime.timedelta(days=730)
    answered_for_by = "publisher_id"
    not_versioned = Publishable.not_versioned | {"search_entries"}
    search_standing = 9
    wanted = {"url": _("its web address"), "published_on": _("when it was published")}

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.WEB_PAGE)
    publisher = models.ForeignKey(
        "partnerships.Organisation",
        models.PROTECT,
        related_name="sources_published",
        verbose_name=_("publisher"),
        help_text=_("The organisation that stands behind it."),
    )
    url = models.URLField(
        _("web address"),
        blank=True,
        help_text=_("The whole address, beginning with https://. Leave it empty when there is none."),
    )
    published_on = PartialDateField(
        _("published"), null=True, blank=True, help_text=_("As far as it is known: 2014, May 2017 or 15 March 2021.")
    )
    changed_on = PartialDateField(
        _("changed by its publisher"),
        null=True,
        blank=True,
        help_text=_("The date of last update that it shows itself."),
    )
    notes = models.TextField(
        _("notes"),
        blank=True,
        help_text=_("What readers should know of it, in Markdown. For example: who can open it."),
    )

    objects = SourceQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        indexes = [*Publishable.Meta.indexes, facet_index("kind", "published_on")]
        constraints = [
            *Publishable.Meta.constraints,
            not_before("changed_on", "published_on", message=_("A source is not changed before it is published.")),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("source-detail", args=[self.slug])

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [(publisher,)] = told["record"]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            body=(
                plain(self.notes),
                label_of(self.Kind(self.kind)),
                publisher,
            ),
            kind=f"source.{self.kind}",
            year=str(self.published_on.year) if self.published_on else "",
            lead_key=self.publisher_id,
        )


class CitedRecordQuerySet(FoundQuerySet):
    """The words for records whose pages rest on sources."""

    def resting_on(self, source: Source) -> Self:
        """Those that name a source for the whole page or for one of their statements."""
        names_it = Q(sources=source)
        for relation in self.model._meta.related_objects:
            if issubclass(relation.related_model, CitedPart):
                parts = relation.related_model._default_manager.told().filter(source=source)
                names_it |= Q(pk__in=parts.values(relation.field.attname))
        return self.filter(names_it).distinct()


class CitedRecord(Searchable, Publishable):
    """A record whose page rests on sources."""

    not_versioned = Publishable.not_versioned | {"search_entries"}

    sources = models.ManyToManyField(
        Source,
        blank=True,
        verbose_name=_("sources"),
        help_text=_("What the page rests on. Readers find them at its foot."),
    )

    class Meta(Publishable.Meta):
        abstract = True

    @property
    def published_sources(self) -> list[Source]:
        """Those of its sources that the public may see.

        Sorted out here: asked for the published ones of a few pages, SQLite would read all sources that are published.
        """
        return [source for source in self.sources.all() if source.is_published]


class CitedPart(Part):
    """A statement that can name the one source on which it rests, where that is not the page's own."""

    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source"),
        help_text=_("Only where this statement rests on another source than the page as a whole."),
    )

    class Meta(Part.Meta):
        abstract = True
