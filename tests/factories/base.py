"""What all factories share."""

import factory

from trustportal.partial_date import PartialDateField, to_partial_date


class ModelFactory(factory.django.DjangoModelFactory):
    """Makes rows; a date may be given as text, as in a form."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _adjust_kwargs(cls, **kwargs: object) -> dict[str, object]:
        dates = {f.name for f in cls._meta.model._meta.concrete_fields if isinstance(f, PartialDateField)}
        typed = {name: value for name, value in kwargs.items() if name in dates and isinstance(value, str)}
        return kwargs | {name: to_partial_date(value) for name, value in typed.items()}
