"""The portal on the cache of production."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from tests.redis import running
from tests.strict_client import StrictClient
from trustportal.feedback.models import PageFeedback
from trustportal.feedback.views import MOST_IN_A_WHILE
from trustportal.settings import env

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.fixture
def redis(settings: object) -> Iterator[None]:
    with running() as address:
        settings.CACHES = {"default": env.cache_url_config("redis://127.0.0.1/0") | {"LOCATION": address}}
        yield
        caches["default"].close()


def test_the_setting_leads_to_djangos_own_redis_cache() -> None:
    cache_of_production = env.cache_url_config("redis://127.0.0.1:6379/0")
    assert cache_of_production["BACKEND"] == "django.core.cache.backends.redis.RedisCache"


def test_the_limit_of_feedback_holds_across_server_processes_with_redis(redis: None) -> None:
    answer = {"page": "/about/", "is_useful": "yes"}
    statuses = [StrictClient().post("/feedback/", answer).status_code for _ in range(MOST_IN_A_WHILE + 1)]
    assert statuses == [302] * MOST_IN_A_WHILE + [429]
    assert PageFeedback.objects.count() == MOST_IN_A_WHILE
    assert isinstance(caches["default"], RedisCache)
