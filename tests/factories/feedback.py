"""Readers' feedback."""

import factory

from tests.factories.base import ModelFactory
from trustportal.feedback.models import PageFeedback


class PageFeedbackFactory(ModelFactory):
    """A reader who found a page useful."""

    class Meta:
        model = PageFeedback

    page = "/programmes/"
    is_useful = True
    comment = factory.Sequence(lambda n: f"It answered my question {n}.")
