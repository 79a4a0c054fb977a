"""The admin's own words, and the portal's settings."""

import io
import warnings
from base64 import b64encode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from trustportal.publishing.editing import LiveChoices, RuleForm
from trustportal.website import checks as checks  # registered by being read
from trustportal.website.models import Portal

admin.site.site_header = _("Partnerships portal: editing")
admin.site.site_title = _("Partnerships portal")
admin.site.index_title = _("What the portal holds")

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST_FILE = 2 * 1024 * 1024  # bytes
LARGEST_SIDE = 4000  # pixels; a small file can unpack to a picture that fills the memory
LOGO_SIZE = (600, 200)  # pixels


def logo_from(upload: UploadedFile) -> bytes:
    """Make a PNG of at most 600 by 200 pixels from an uploaded picture. Raises ValidationError in plain English.

    The picture is drawn anew, so nothing else that the file holds (place, camera, scripts) reaches the readers.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 2 MB. Choose a smaller one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
        if max(picture.size) > LARGEST_SIDE:
            raise ValidationError(_("The picture is larger than 4,000 pixels on one side. Choose a smaller one."))
        picture = ImageOps.exif_transpose(picture).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("The picture is far too large. Choose a smaller one.")) from error
    except UnidentifiedImageError as error:
        raise ValidationError(
            _("The portal cannot read this as a picture. Choose a PNG, JPEG, WebP or GIF file. SVG is not accepted.")
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(_("The picture is damaged. Save it anew as a PNG file and try again.")) from error
    picture.thumbnail(LOGO_SIZE)
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    return png.getvalue()


class PortalForm(RuleForm):
    """The form of the settings."""

    logo_upload = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("A PNG, JPEG, WebP or GIF file of at most 2 MB. It is shown at most 600 by 200 pixels large."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    def clean_accent(self) -> str:
        """Take capital letters too; refuse what is not a colour before its contrast is worked out."""
        accent = self.cleaned_data["accent"].strip().lower()
        shape = Portal._meta.get_field("accent").validators[0]
        shape(accent)
        return accent

    def clean_logo_upload(self) -> bytes | None:
        """The picture, drawn anew."""
        upload = self.cleaned_data["logo_upload"]
        return logo_from(upload) if upload else None

    def clean(self) -> dict[str, object]:
        """Put the logo in place or take it away, with its words."""
        cleaned = super().clean()
        if cleaned.get("logo_upload"):
            self.instance.logo = cleaned["logo_upload"]
        elif cleaned.get("remove_logo"):
            self.instance.logo, cleaned["logo_alt"] = None, ""
        if self.instance.logo and not cleaned.get("logo_alt") and "logo_alt" not in self.errors:
            self.add_error("logo_alt", _("Say in words what the logo shows, for those who do not see it."))
        if not self.instance.logo and cleaned.get("logo_alt") and "logo_upload" not in self.errors:
            self.add_error("logo_alt", _("Leave this empty while there is no logo."))
        return cleaned


@admin.register(Portal)
class PortalAdmin(LiveChoices, admin.ModelAdmin):
    """The one row of settings."""

    form = PortalForm

    def get_fieldsets(self, request: HttpRequest, obj: Portal | None = None) -> list:
        """What the settings are about. A logo is removed only where there is one."""
        look = ["accent", "logo_now", "logo_upload", "remove_logo", "logo_alt", "uses_nhs_identity"]
        if not (obj and obj.logo):
            look = [name for name in look if name not in {"logo_now", "remove_logo"}]
        if obj and not self.has_change_permission(request, obj):
            look = [name for name in look if name not in {"logo_upload", "remove_logo"}]
        return [
            (None, {"fields": ["name", "purpose", "host"]}),
            (_("How it looks"), {"fields": look}),
            (
                _("Whom readers can ask"),
                {"fields": ["contact_team", "contact_email", "contact_phone", "contact_address"]},
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Portal | None = None) -> list[str]:
        """The logo is shown, and changed by an upload."""
        return ["logo_now"]

    @admin.display(description=_("logo now"))
    def logo_now(self, portal: Portal) -> str:
        """The stored logo."""
        png = b64encode(bytes(portal.logo)).decode()
        return format_html(
            '<span class="logo-now"><img src="data:image/png;base64,{}" alt="{}"></span>', png, portal.logo_alt
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """There is one row, so its form takes the place of a list."""
        portal = Portal.objects.first()
        name = f"{self.admin_site.name}:website_portal"
        if portal:
            return HttpResponseRedirect(reverse(f"{name}_change", args=[portal.pk]))
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse(f"{name}_add"))
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Once."""
        return super().has_add_permission(request) and not Portal.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Portal | None = None) -> bool:
        """A portal has settings."""
        return False
