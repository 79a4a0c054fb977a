"""What the factories of all publishable records share."""

import datetime

import factory
from django.utils.text import slugify

from tests.factories.accounts import somebody_who_publishes
from tests.factories.base import ModelFactory
from trustportal.publishing import workflow
from trustportal.publishing.models import Publishable

STAGE = ["published", "published_at", "in_review", "withdrawn"]


class PublishableFactory(ModelFactory):
    """A draft; with published=True or withdrawn=True, or at a given time, the workflow takes it there.

    What it needs (its lead, its strategy) is published already.
    """

    class Meta:
        abstract = True

    name = factory.Sequence(lambda n: f"Record {n}")
    slug = factory.LazyAttribute(lambda record: slugify(record.name))
    summary = factory.LazyAttribute(lambda record: f"What {record.name} is, in a sentence.")
    published = factory.LazyAttribute(lambda record: record.withdrawn)
    published_at = None
    in_review = False
    withdrawn = False

    @classmethod
    def _build(cls, model_class: type[Publishable], *args: object, **kwargs: object) -> Publishable:
        stage = {name: kwargs.pop(name) for name in STAGE}
        assert not any(stage.values()), "what is not in the database cannot be published"
        return super()._build(model_class, *args, **kwargs)

    @classmethod
    def _create(cls, model_class: type[Publishable], *args: object, **kwargs: object) -> Publishable:
        stage = {name: kwargs.pop(name) for name in STAGE}
        record = super()._create(model_class, *args, **kwargs)
        record.stage = stage
        return record

    @classmethod
    def _after_postgeneration(cls, record: Publishable, create: bool, results: object = None) -> None:
        """Go through the acts once all parts are there."""
        if not create:
            return
        stage = record.__dict__.pop("stage")
        if not any(stage.values()):
            return
        by, at = somebody_who_publishes(), stage["published_at"]
        if stage["in_review"]:
            workflow.submit(record, by=by, at=at)
        if stage["published"]:
            workflow.publish(record, by=by, at=at)
        if stage["withdrawn"]:
            workflow.withdraw(record, by=by, at=at and at + datetime.timedelta(days=1), reason="It was moved.")
        record.refresh_from_db()
