"""The form behind "Is this page useful?"."""

from typing import ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from trustportal.feedback.models import PageFeedback


def is_page_of_ours(path: str) -> bool:
    """Whether a path leads to a public page of this portal."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return False
    try:
        return "admin" not in resolve(urlsplit(path).path).app_names
    except (Resolver404, ValueError):
        return False


class PageFeedbackForm(forms.ModelForm):
    """One answer. The field `website` is a trap: people do not see it, robots fill it in."""

    is_useful = forms.TypedChoiceField(
        label=_("Is this page useful?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    class Meta:
        model = PageFeedback
        fields: ClassVar = ["page", "is_useful", "comment"]
        widgets: ClassVar = {"page": forms.HiddenInput}
        labels: ClassVar = {"comment": _("What could be better? (optional)")}

    def clean_page(self) -> str:
        """The page is one of ours."""
        page = self.cleaned_data["page"]
        if not is_page_of_ours(page):
            raise ValidationError(_("This is not a page of this portal. Go back to the page and use its link."))
        return page

    @property
    def is_trapped(self) -> bool:
        """Whether a robot filled in the trap."""
        return bool(self.cleaned_data.get("website"))
