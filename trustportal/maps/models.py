"""Places that readers may name to see how far a site is."""

from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import unique

POSTCODE_DISTRICT = RegexValidator(
    r"^[A-Z]{1,2}\d[A-Z\d]?$", _("Write the first part of a postcode in capitals, for example: SE1.")
)


class PostcodeDistrictQuerySet(models.QuerySet):
    """The words for postcode districts."""

    def in_code_order(self) -> Self:
        """A to Z."""
        return self.order_by("code")


class PostcodeDistrict(models.Model):
    """The first part of a postcode, such as SE1, with its middle. Reference data, imported by a command."""

    code = models.CharField(_("code"), max_length=4, validators=[POSTCODE_DISTRICT])
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=6,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
    )

    objects = PostcodeDistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("postcode district")
        verbose_name_plural = _("postcode districts")
        constraints = [unique("code", name="code_unique", message=_("This postcode district is there already."))]

    def __str__(self) -> str:
        return self.code
