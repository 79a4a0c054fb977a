"""The pages of this app for the site map."""

from partnerships.models import Aim, Organisation, Partnership, Site, Source, Strategy
from trustportal.publishing.sitemaps import RecordSitemap

SITEMAPS = {
    "partners": RecordSitemap(Organisation),
    "partnerships": RecordSitemap(Partnership),
    "sites": RecordSitemap(Site),
    "strategies": RecordSitemap(Strategy),
    "aims": RecordSitemap(Aim),
    "sources": RecordSitemap(Source),
}
