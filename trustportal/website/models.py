"""The portal's own settings: whose it is, how it looks, whom to ask."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models import Organisation
from trustportal.constraints import all_or_none, holds
from trustportal.design.colour import contrast_with_white

ENOUGH_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3: white text on the accent colour
COLOUR = RegexValidator(
    r"^#[0-9a-f]{6}\Z", _("Write the colour as # and six digits or small letters, such as #005eb8.")
)


def readable_under_white(colour: str) -> None:
    """Refuse a colour on which white text is hard to read."""
    if COLOUR.regex.match(colour) and contrast_with_white(colour) < ENOUGH_CONTRAST:
        raise ValidationError(_("White text on this colour is hard to read. Choose a darker one."))


class PortalQuerySet(models.QuerySet):
    """The one row of settings."""

    def current(self) -> "Portal":
        """The settings with the host, in one query, without the logo's bytes; the defaults before any are saved."""
        return self.select_related("host").defer("logo").first() or self.model()


class Portal(models.Model):
    """Whose portal this is, how it looks, and whom readers can ask. There is one row."""

    name = models.CharField(
        _("name"), max_length=60, default="Partnerships portal", help_text=_("Shown at the top of every page.")
    )
    purpose = models.CharField(
        _("what it is, in one sentence"),
        max_length=250,
        default="Who we work with, what we do together, where, and what came of it.",
        help_text=_("The first sentence of the home page."),
    )
    host = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("host"),
        help_text=_("The organisation whose portal this is."),
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#005eb8",
        validators=[
            COLOUR,
            readable_under_white,
        ],
        help_text=_("The band at the top, for example: #005eb8. White text on it must be easy to read."),
    )
    logo = models.BinaryField(_("logo"), null=True, blank=True, editable=False)  # PNG, made anew from the upload
    logo_alt = models.CharField(
        _("logo in words"), max_length=100, blank=True, help_text=_("What the logo says, for those who do not see it.")
    )
    uses_nhs_identity = models.BooleanField(
        _("uses the NHS identity"),
        default=False,
        help_text=_(
            "Tick it only when the trust may use the NHS identity here: the logo that you upload then stands on the "
            "NHS blue band, and the NHS icons are used in browser tabs."
        ),
    )
    contact_team = models.CharField(
        _("team to contact"), max_length=100, blank=True, help_text=_("For example: Partnerships team.")
    )
    contact_email = models.EmailField(_("email"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    contact_address = models.TextField(_("postal address"), max_length=300, blank=True)

    objects = PortalQuerySet.as_manager()

    class Meta:
        verbose_name = _("portal settings")
        verbose_name_plural = _("portal settings")
        constraints = [
            holds(models.Q(id=1), name="one_row", message=_("The settings exist already: change them.")),
            all_or_none(
                "logo",
                "logo_alt",
                empty={"logo_alt": ""},
                name="logo_in_words",
                message=_("A logo needs its words, and words need a logo."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Save the one row."""
        self.pk = 1
        super().save(*args, **kwargs)

    @property
    def has_own_colour(self) -> bool:
        """Whether the accent differs from the one in the stylesheet. The NHS identity prescribes its own."""
        return not self.uses_nhs_identity and self.accent != self._meta.get_field("accent").default
