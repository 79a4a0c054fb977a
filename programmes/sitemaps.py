"""The pages of this app for the site map."""

from programmes.models import OutcomeMetric, Programme
from trustportal.publishing.sitemaps import RecordSitemap

SITEMAPS = {"programmes": RecordSitemap(Programme), "outcomes": RecordSitemap(OutcomeMetric)}
