"""The pages of one kind of published record, with true dates, for search engines."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from trustportal.publishing.models import Publishable


class PortalSitemap(Sitemap):
    """Addresses under the portal's own name, whatever host name a request carries."""

    limit = 50_000

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
        return self.model.objects.published().only("slug", "updated_at").order_by("pk")

    def lastmod(self, record: Publishable) -> datetime.datetime:
        """The last substantive update."""
        return record.updated_at
