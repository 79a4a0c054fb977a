"""Who may do what: the three roles and their rights, in one table.

* An **Author** writes: adds records, changes drafts with all their rows, hands them in; enters figures.
* A **Publisher** does all that and decides what the public sees: publishes, returns, reviews, withdraws, changes what
* An **Author** writes: adds records, changes drafts with all their rows, hands them in for review, enters figures.
* An **Administrator** does all that and looks after the portal: people and their roles, the portal's settings, former
  addresses, the record of who did what.

Whoever is limited to some organisations (`partnerships.Remit`) manages no people and no limits, in whichever role: an
Administrator with limits sees those lists and changes nothing in them.

Each right is written "app_label.model" with the verbs of Django's permissions. The migration of the app `website` makes
the groups; to change a right, change the table and add a migration that calls `make_roles` again.
"""

from typing import Any

from django.contrib.auth.management import create_permissions

PUBLISHABLE = (
    "partnerships.organisation",
    "partnerships.source",
    "partnerships.partnership",
    "partnerships.site",
    "partnerships.strategy",
    "partnerships.priority",
    "partnerships.aim",
    "programmes.programme",
    "programmes.outcomemetric",
)
"""What is drafted, reviewed and published."""

PARTS = (
    "partnerships.organisationname",
    "partnerships.organisationidentifier",
    "partnerships.succession",
    "partnerships.membership",
    "partnerships.agreement",
    "partnerships.partnershippriority",
    "partnerships.strategyvalue",
    "programmes.participation",
    "programmes.localcarenetwork",
    "programmes.board",
    "programmes.boardmember",
    "programmes.satellitesite",
    "programmes.place",
    "programmes.buddyingarrangement",
    "programmes.statement",
    "programmes.rebase",
)
"""The rows that belong to a record. Whether they may be changed, the record's state decides."""

FIGURES = ("programmes.observation", "programmes.correction")
"""What is entered and then approved. Whoever publishes metrics approves their figures; then nobody changes them."""

LISTS = ("partnerships.area", "programmes.service")
"""What records choose from."""

AUTHOR: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PUBLISHABLE, ("view", "add", "change")),
    **dict.fromkeys(PARTS, ("view", "add", "change", "delete")),
    **dict.fromkeys(LISTS, ("view",)),
    **dict.fromkeys(FIGURES, ("view", "add", "change", "delete")),
    "feedback.pagefeedback": ("view",),
    "partnerships.confirmation": ("view",),
    "publishing.schedule": ("view",),
    "search.synonym": ("view",),
    "search.failedsearch": ("view",),
}
PUBLISHER: dict[str, tuple[str, ...]] = {
    **AUTHOR,
    **dict.fromkeys(PUBLISHABLE, ("view", "add", "change", "publish", "delete")),
    **dict.fromkeys(LISTS, ("view", "add", "change")),
    "feedback.pagefeedback": ("view", "change"),
    "search.synonym": ("view", "add", "change", "delete"),
}
ADMINISTRATOR: dict[str, tuple[str, ...]] = {
    **PUBLISHER,
    "feedback.pagefeedback": ("view", "change", "delete"),
    # Nobody's account is deleted: who did what would be lost. Who leaves is marked as not active.
    "accounts.user": ("view", "add", "change"),
    "auth.group": ("view",),
    "website.portal": ("view", "add", "change"),
    "publishing.formerslug": ("view", "delete"),
    "publishing.act": ("view",),
    "partnerships.remit": ("view", "add", "change", "delete"),
}
ROLES = {"Author": AUTHOR, "Publisher": PUBLISHER, "Administrator": ADMINISTRATOR}


def rights_of(role: str) -> set[tuple[str, str]]:
    """The rights of a role, as pairs of app label and codename: ("programmes", "publish_programme")."""
    rights = set()
    for path, verbs in ROLES[role].items():
        app_label, model = path.split(".")
        rights |= {(app_label, f"{verb}_{model}") for verb in verbs}
    return rights


def make_roles(apps: Any, using: str) -> None:
    """Give the groups of the three roles exactly the rights of the table, as far as their models exist by now.

    apps is Django's registry or a migration's; doing it twice changes nothing.
    """
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    permissions = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in permission_model.objects.using(using).select_related("content_type")
    }
    for role in ROLES:
        group, _ = group_model.objects.using(using).get_or_create(name=role)
        group.permissions.set([permissions[right] for right in rights_of(role) if right in permissions])


def make_permissions_and_roles(apps: Any, schema_editor: Any) -> None:
    """For a migration: the permissions of all models, which Django makes only after the last one, then the roles."""
    using = schema_editor.connection.alias
    for app_config in apps.get_app_configs():
        app_config.models_module = True  # a migration's apps have none, and are passed over without
        create_permissions(app_config, apps=apps, verbosity=0, using=using)
        app_config.models_module = None
    make_roles(apps, using)
