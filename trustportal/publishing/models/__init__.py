"""One module a subject; import the models from here."""

from trustportal.publishing.models.dated import PartQuerySet
from trustportal.publishing.models.history import WRITING, Act, FormerSlug, OfRecord, OfRecordQuerySet, Version
from trustportal.publishing.models.identified import Identified, Traceable
from trustportal.publishing.models.notice import Notice
from trustportal.publishing.models.presence import Presence
from trustportal.publishing.models.record import (
    SHOWN_PER_PAGE,
    Part,
    Publishable,
    PublishableQuerySet,
    State,
    leads_somewhere,
)
from trustportal.publishing.models.schedule import Schedule
from trustportal.publishing.models.share_link import ShareLink

__all__ = [
    "SHOWN_PER_PAGE",
    "WRITING",
    "Act",
    "FormerSlug",
    "Identified",
    "Notice",
    "OfRecord",
    "OfRecordQuerySet",
    "Part",
    "PartQuerySet",
    "Presence",
    "Publishable",
    "PublishableQuerySet",
    "Schedule",
    "ShareLink",
    "State",
    "Traceable",
    "Version",
    "leads_somewhere",
]
