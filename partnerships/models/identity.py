"""By what else an organisation is known: other names, and the codes that others give it."""

from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import holds, unique
from trustportal.partial_date import PartialDateField
from trustportal.publishing.models import Part, PartQuerySet


class OrganisationName(Part):
    """Another name under which people may look for it."""

    class Kind(models.TextChoices):
        """What sort of name."""

        FORMER = "former", _("Former name")
        SHORT = "short", _("Short form")
        ALSO = "also", _("Also known as")

    record_field = "organisation"
    natural_key_fields = ("organisation__slug", "name")

    organisation = models.ForeignKey("partnerships.Organisation", models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ALSO)
    ended_on = PartialDateField(_("used until"), null=True, blank=True, help_text=_("For a former name."))

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            unique("organisation", "name", name="once", message=_("This name is there already.")),
            holds(
                Q(ended_on__isnull=True) | Q(kind="former"),
                name="only_former_names_end",
                message=_("Only a former name has an end."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationIdentifierQuerySet(PartQuerySet):
    """The words for codes."""

    def of_ods(self, codes: Iterable[str]) -> Self:
        """Those among some codes of the Organisation Data Service that a record has; copies of it apart."""
        return self.filter(scheme=OrganisationIdentifier.Scheme.ODS, is_live=True, value__in=codes)


class OrganisationIdentifier(Part):
    """A code by which others know the organisation."""

    class Scheme(models.TextChoices):
        """Who gives out the code."""

        ODS = "ods", _("ODS code")
        CHARITY = "charity", _("Charity number")
        COMPANY = "company", _("Company number")
        UKPRN = "ukprn", _("UK provider reference number")
        ONS = "ons", _("ONS code")
        ROR = "ror", _("Research organisation (ROR) identifier")

    SHAPES = {
        Scheme.ODS: RegexValidator(
            r"^[A-Z0-9]{3,10}$", _("An ODS code is 3 to 10 capital letters and digits, such as RJ1.")
        ),
        Scheme.CHARITY: RegexValidator(
            r"^(SC|NIC)?\d{5,7}(-\d+)?$", _("A charity number is 6 or 7 digits, such as 1160316.")
        ),
        Scheme.COMPANY: RegexValidator(r"^[A-Z0-9]{8}$", _("A company number is 8 characters, such as 01234567.")),
        Scheme.UKPRN: RegexValidator(r"^1\d{7}$", _("A provider reference number is 8 digits beginning with 1.")),
        Scheme.ONS: RegexValidator(
            r"^[EWSNK]\d{8}$", _("An ONS code is a capital letter and 8 digits, such as E09000028.")
        ),
        Scheme.ROR: RegexValidator(r"^0[a-z0-9]{8}$", _("A ROR identifier is 9 characters beginning with 0.")),
    }

    record_field = "organisation"
    natural_key_fields = ("organisation__slug", "scheme", "value")

    organisation = models.ForeignKey("partnerships.Organisation", models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme, default=Scheme.ODS)
    value = models.CharField(_("code"), max_length=30, help_text=_("For example: RJ1."))
    # A working copy's rows are not live: the same code may stand on a record and on the copy that changes it.
    is_live = models.BooleanField(default=True, editable=False)

    objects = OrganisationIdentifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            unique(
                "scheme",
                "value",
                condition=Q(is_live=True),
                name="unique",
                message=_("Another organisation has this code."),
            ),
            unique("organisation", "scheme", "value", name="once", message=_("This code is there already.")),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        """The code has the shape that its scheme gives it."""
        try:
            self.SHAPES[self.scheme](self.value)
        except ValidationError as error:
            raise ValidationError({"value": error.messages}) from error
