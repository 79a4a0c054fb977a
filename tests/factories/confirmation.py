"""Questions to partners."""

import datetime

import factory
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from partnerships.models import Confirmation
from partnerships.models.confirmation import A_DAY
from tests.factories.accounts import UserFactory
from tests.factories.base import ModelFactory
from tests.factories.organisation import OrganisationFactory


class ConfirmationFactory(ModelFactory):
    """A question of two days ago to an organisation about its own page, mailed, with 19 days left to answer."""

    class Meta:
        model = Confirmation

    class Params:
        record = factory.SubFactory(OrganisationFactory, published=True)
        answered = factory.Trait(
            answer=Confirmation.Answer.CONFIRMED,
            answered_by="Jo Smith",
            answered_at=factory.LazyFunction(timezone.now),
        )

    content_type = factory.LazyAttribute(lambda row: ContentType.objects.get_for_model(row.record))
    object_id = factory.LazyAttribute(lambda row: row.record.pk)
    organisation = factory.LazyAttribute(lambda row: row.record.organisations_named().order_by("pk").first())
    email = "jo.smith@example.org"
    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(lambda: timezone.now() - 2 * A_DAY)
    sent_at = factory.LazyAttribute(lambda row: row.asked_at)
    expires_at = factory.LazyAttribute(lambda row: row.asked_at + datetime.timedelta(days=21))
