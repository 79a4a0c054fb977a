"""People and their roles."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, ManyToManyField, Model, QuerySet
from django.forms import CheckboxSelectMultiple, Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trustportal.accounts.models import User
from trustportal.accounts.roles import ROLES


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People with an account. Who is no superuser makes no superusers, and gives no rights but the three roles.

    Whoever is limited to some organisations changes nobody here: an account without limits would open all the others.
    """

    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    search_help_text = _("Search by user name, name or email.")
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "first_name", "last_name", "email", "usable_password", "password1", "password2"),
                "description": _("Save first: the roles come next."),
            },
        ),
    )

    @admin.display(description=_("roles"), empty_value="–")
    def roles(self, person: User) -> str | None:
        """The groups to which the person belongs."""
        names = sorted(group.name for group in person.groups.all())
        return ", ".join(names + ([str(_("Superuser"))] if person.is_superuser else [])) or None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """People with their roles."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list:
        """Roles for all; superusers see the finer rights too."""
        if obj is None:
            return self.add_fieldsets
        rights = ["is_active", "groups"]
        if request.user.is_superuser:
            rights = ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]
        account = ["username", "password"] if self.has_change_permission(request, obj) else ["username"]
        return [
            (None, {"fields": [*account, "first_name", "last_name", "email", "mail_choice"]}),
            (_("What the person may do"), {"fields": rights}),
            (_("Dates"), {"fields": ["last_login", "date_joined"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Dates are not typed."""
        return ["last_login", "date_joined"]

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: object) -> object:
        """Roles as boxes to tick; for who is no superuser, the three roles of the portal alone."""
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple()
            url = reverse(f"{self.admin_site.name}:auth_group_changelist")
            kwargs["help_text"] = format_html('<a href="{}">{}</a>', url, _("What each role may do"))
            if not request.user.is_superuser:
                kwargs["queryset"] = Group.objects.filter(name__in=ROLES)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who has the right and is not limited to some organisations."""
        return super().has_add_permission(request) and request.user.remit is None

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An administrator changes nobody who may do more than the roles allow: a new password would open it all."""
        return super().has_change_permission(request, obj) and self._is_within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """As for changes."""
        return super().has_delete_permission(request, obj) and self._is_within_reach(request, obj)

    def _is_within_reach(self, request: HttpRequest, person: User | None) -> bool:
        if request.user.remit is not None:
            return False
        if person is None or request.user.is_superuser:
            return True
        has_more = person.user_permissions.exists() or person.groups.exclude(name__in=ROLES).exists()
        return not person.is_superuser and not has_more

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever edits may look up a name, to make a colleague a record's owner; the list is for administrators."""
        return super().has_view_permission(request, obj) or (_is_look_up(request) and request.user.is_staff)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """A look-up finds people by name alone."""
        names = ("username", "first_name", "last_name")
        return names if _is_look_up(request) else (*names, "email")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """A look-up offers people who still work here."""
        if _is_look_up(request):
            queryset = queryset.filter(is_active=True, is_staff=True)
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: User, form: Form, change: bool) -> None:
        """An account is for working here; readers have none."""
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)


def _is_look_up(request: HttpRequest) -> bool:
    return bool(request.resolver_match) and request.resolver_match.url_name == "autocomplete"


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """The roles, to look at. What they allow is kept in `trustportal/accounts/roles.py`."""

    list_display = ("name", "people")
    fields = ("name", "people", "rights")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Roles with the number of people who have them."""
        return super().get_queryset(request).annotate(number_of_people=Count("user"))

    @admin.display(description=_("people"), ordering="number_of_people")
    def people(self, group: Group) -> str:
        """How many have it, linked to the list of them."""
        words = ngettext("%d person", "%d people", group.number_of_people) % group.number_of_people
        url = reverse(f"{self.admin_site.name}:accounts_user_changelist", query={"groups__id__exact": group.pk})
        return format_html('<a href="{}">{}</a>', url, words)

    @admin.display(description=_("may"))
    def rights(self, group: Group) -> str:
        """The rights, in words."""
        permissions = group.permissions.order_by("content_type__app_label", "codename")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((p.name,) for p in permissions)))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The index leaves them out: the page of a person leads here."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Roles are made by migration."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Roles are changed by migration."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Roles are removed by migration."""
        return False
