"""The addresses that stay: each public record by its identifier, and how it is cited by it."""

import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, Value
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Aim, Priority
from trustportal.opendata.citing import Citation
from trustportal.opendata.dataset import Dataset
from trustportal.publishing.models import Publishable
from trustportal.website.models import Portal
from trustportal.website.updates import LABELS


def record_of(identifier: UUID) -> Publishable | None:
    """The record of an identifier, which the public sees or once saw. Two queries, however many kinds there are."""
    models = {model._meta.model_name: model for model in LABELS}
    first, *others = [
        model.objects.ever_published()
        .filter(uuid=identifier)
        .order_by()
        .annotate(name_of_model=Value(name, output_field=CharField()))
        .values_list("name_of_model", "pk")
        for name, model in models.items()
    ]
    found = first.union(*others, all=True).first()
    return models[found[0]].objects.get(pk=found[1]) if found else None


def identity_of(record: Publishable) -> str:
    """The whole address that leads to the page of a record for good."""
    return settings.SITE_URL + reverse("identity", args=[record.uuid])


def publisher_of(record: Publishable, portal: Portal) -> str:
    """Who publishes a page: the organisation that leads what it is about, otherwise the host of the portal."""
    if isinstance(record, Aim):
        record = record.priority
    if isinstance(record, Priority):
        record = record.strategy
    lead = getattr(record, "lead", None) or portal.host
    return lead.name if lead is not None and lead.may_be_named else portal.name


def citation_of(record: Publishable, portal: Portal) -> Citation:
    """How the page of a published record is cited."""
    return Citation(
        key=record.slug,
        title=record.name,
        publisher=publisher_of(record, portal),
        portal=portal.name,
        updated_on=timezone.localdate(record.updated_at),
        address=identity_of(record),
    )


def citation_of_dataset(dataset: Dataset, changed_at: datetime.datetime, portal: Portal) -> Citation:
    """How a set of data is cited, by the address of its dictionary."""
    return Citation(
        key=dataset.name,
        title=str(dataset.title),
        publisher=portal.host.name if portal.host is not None and portal.host.may_be_named else portal.name,
        portal=portal.name,
        updated_on=timezone.localdate(changed_at),
        address=settings.SITE_URL + reverse("dataset", args=[dataset.name]),
        is_dataset=True,
    )
