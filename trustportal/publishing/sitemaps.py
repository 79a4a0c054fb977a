"""The pages of one kind of published record, with true dates, for search engines. Source: sitemaps.org 0.9."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet

from trustportal.publishing.models import Publishable


class PortalSitemap(Sitemap):
    """Addresses under the portal's own name, whatever host name a request carries.

    A file may have 50,000; ours have fewer, so that few rows are in memory at a time.
    """

    limit = 5000

    def changed_at(self, page: int) -> datetime.datetime | None:
        """When anything on one of its files last changed; None where each address says it alone."""
        return None

    def get_protocol(self, protocol: str | None = None) -> str:
        """As the SITE_URL setting says."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        """As the SITE_URL setting says."""
        return urlsplit(settings.SITE_URL).netloc


class RecordSitemap(PortalSitemap):
    """The published records of one model."""

    def __init__(self, model: type[Publishable]) -> None:
        super().__init__()
        self.model = model

    def items(self) -> QuerySet:
        """The records, with no more than their address and date."""
        return self.model.objects.published().only("slug", "modified_at").order_by("pk")

    def lastmod(self, record: Publishable) -> datetime.datetime:
        """When anything that the page shows last changed, be it a corrected letter."""
        return record.modified_at

    def changed_at(self, page: int) -> datetime.datetime | None:
        """When anything on one of its files last changed; worked out by the database."""
        return self.paginator.page(page).object_list.aggregate(last=Max("modified_at"))["last"]
