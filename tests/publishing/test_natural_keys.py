"""Fixtures name rows by what people know of them, never by a number of one database."""

import json

import pytest
from django.apps import apps
from django.core import serializers

from tests import factories
from tests.test_constraints import PUBLISHABLE
from trustportal.publishing.models import Part

pytestmark = pytest.mark.django_db

PARTS = [model for model in apps.get_models() if issubclass(model, Part) and not model._meta.proxy]
REFERENCE = [apps.get_model("partnerships", "Area"), apps.get_model("programmes", "Service")]


def as_fixture(row) -> str:
    """The row as `dumpdata --natural-primary --natural-foreign` writes it."""
    return serializers.serialize("json", [row], use_natural_primary_keys=True, use_natural_foreign_keys=True)


def without_key(row) -> dict[str, object]:
    """All values of a row except its number."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


@pytest.mark.parametrize("model", [*PUBLISHABLE, *PARTS, *REFERENCE], ids=lambda model: model.__name__)
def test_a_row_goes_into_a_fixture_and_comes_back_the_same(model):
    row = getattr(factories, f"{model.__name__}Factory")()
    row.refresh_from_db()
    fixture = as_fixture(row)
    before = without_key(row)
    assert "pk" not in json.loads(fixture)[0]
    row.delete()

    [loaded] = serializers.deserialize("json", fixture)
    loaded.save()

    again = model.objects.get_by_natural_key(*row.natural_key())
    assert without_key(again) == before


@pytest.mark.parametrize("model", [*PUBLISHABLE, *PARTS, *REFERENCE], ids=lambda model: model.__name__)
def test_loading_a_fixture_twice_makes_one_row(model):
    row = getattr(factories, f"{model.__name__}Factory")()
    number_of_rows = model.objects.count()

    [loaded] = serializers.deserialize("json", as_fixture(row))
    loaded.save()

    assert loaded.object.pk == row.pk
    assert model.objects.count() == number_of_rows


def test_a_part_is_found_on_the_live_record_not_on_its_working_copy():
    step = factories.StatementFactory(programme__slug="network", programme__published=True)
    copy = factories.ProgrammeFactory(slug="network", draft_of=step.programme)
    factories.StatementFactory(programme=copy)

    assert type(step).objects.get_by_natural_key("network", step.kind, step.position) == step


def test_a_figure_without_a_period_has_a_key_too():
    figure = factories.ObservationFactory(period_start=None, period_end=None)

    [loaded] = serializers.deserialize("json", as_fixture(figure))
    loaded.save()

    assert loaded.object.pk == figure.pk
