"""What readers said about a page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageFeedback(models.Model):
    """One reader's answer to "Is this page useful?". Holds nothing about who the reader is."""

    page = models.CharField(_("page"), max_length=250, help_text=_("The address of the page, from the first slash."))
    is_useful = models.BooleanField(_("useful"))
    comment = models.TextField(_("comment"), max_length=1200, blank=True)
    given_at = models.DateTimeField(_("given"), auto_now_add=True)
    is_handled = models.BooleanField(_("dealt with"), default=False)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [models.Index(fields=["-given_at"], name="pagefeedback_newest")]

    def __str__(self) -> str:
        return f"{self.page}, {self.given_at:%Y-%m-%d}"
