"""The admin as the portal has it: what waits for a person comes first, and each has pages for mails and calendar."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trustportal.accounts.models import CalendarAddress, User
from trustportal.website.work import work_of


class MailChoiceForm(forms.ModelForm):
    """How often the portal writes to a person."""

    class Meta:
        model = User
        fields = ("mail_choice",)
        labels = {"mail_choice": _("When something happens to your texts, or waits for you")}
        widgets = {"mail_choice": forms.RadioSelect}


class PortalAdminSite(admin.AdminSite):
    """Django's admin with a front page that says what waits for whoever opens it."""

    def index(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """What waits, then the list of all that the portal holds."""
        context = {
            "title": _now("What waits for you"),
            "holds_title": self.index_title,
            "work": work_of(request.user),
        }
        return super().index(request, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages, and those of each person's mails and calendar."""
        return [
            path("my-calendar/", self.admin_view(self.my_calendar), name="my-calendar"),
            path("my-mails/", self.admin_view(self.my_mails), name="my-mails"),
            path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.shortcut), name="view_on_site"),
            *super().get_urls(),
        ]

    def shortcut(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """In front of Django's page, which tells the address of any row to all who log in. Raises Http404."""
        raise Http404

    def my_mails(self, request: HttpRequest) -> HttpResponse:
        """Whoever is logged in chooses their own mails, and nobody else's."""
        form = MailChoiceForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
        if request.method == "POST" and form.is_valid():
            form.save()
            messages.success(request, _now("Your choice was saved."))
            return HttpResponseRedirect(reverse(f"{self.name}:my-mails"))
        context = {**self.each_context(request), "title": _now("My mails"), "form": form}
        request.current_app = self.name
        return TemplateResponse(request, "admin/my_mails.html", context)

    def my_calendar(self, request: HttpRequest) -> HttpResponse:
        """Whoever is logged in makes and revokes the secret address of their own calendar, and nobody else's.

        The address is shown once, when it is made: the portal keeps no more than a digest of it.
        """
        made = ""
        if request.method == "POST" and request.POST.get("act") == "revoke":
            CalendarAddress.objects.filter(person=request.user).delete()
            messages.success(request, _now("Your calendar address no longer works."))
            return HttpResponseRedirect(reverse(f"{self.name}:my-calendar"))
        if request.method == "POST":
            key = CalendarAddress.objects.make_for(request.user)
            made = settings.SITE_URL + reverse("personal-calendar", args=[key])
        context = {
            **self.each_context(request),
            "title": _now("My calendar"),
            "made": made,
            "address": CalendarAddress.objects.filter(person=request.user).first(),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/my_calendar.html", context)
