"""The roles have exactly the rights of the table, and nobody gives themselves more."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from partnerships.models import Organisation, Remit
from tests.admin.conftest import boxes, client_of, person_in, save, url_of
from tests.factories import OrganisationFactory, RemitFactory, UserFactory
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.accounts.roles import FIGURES, PARTS, PUBLISHABLE, ROLES, make_roles, rights_of
from trustportal.publishing.models import Part, Publishable

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


def rights_in_database(role: str) -> set[tuple[str, str]]:
    permissions = Group.objects.get(name=role).permissions
    return set(permissions.values_list("content_type__app_label", "codename"))


@pytest.mark.parametrize("role", ROLES)
def test_the_migration_gives_each_role_exactly_the_rights_of_the_table(role: str) -> None:
    assert rights_in_database(role) == rights_of(role)


def test_making_the_roles_again_changes_nothing_and_mends_what_was_changed() -> None:
    before = {role: rights_in_database(role) for role in ROLES}
    people, permissions = Group.objects.count(), Permission.objects.count()
    Group.objects.get(name="Author").permissions.add(Permission.objects.get(codename="publish_programme"))
    for _ in range(2):
        make_roles(apps, "default")
    assert {role: rights_in_database(role) for role in ROLES} == before
    assert (Group.objects.count(), Permission.objects.count()) == (people, permissions)


def test_the_table_knows_every_record_and_every_part() -> None:
    models = [model for model in apps.get_models() if not model._meta.proxy]
    assert {model._meta.label_lower for model in models if issubclass(model, Publishable)} == set(PUBLISHABLE)
    parts = {model._meta.label_lower for model in models if issubclass(model, Part)}
    assert parts == {*PARTS, *FIGURES}


def test_each_role_may_do_all_that_the_one_below_it_may() -> None:
    assert rights_of("Author") < rights_of("Publisher") < rights_of("Administrator")
    assert not any(codename.startswith("publish_") for _, codename in rights_of("Author"))


# Administrators who are no superusers


def test_an_administrator_adds_a_person_who_can_then_log_in_to_the_admin(administrator: StrictClient) -> None:
    typed = {"username": "new", "password1": "a-long-passphrase-1", "password2": "a-long-passphrase-1"}
    response = save(administrator, url_of(User, "add"), typed)
    person = User.objects.get(username="new")
    assert (person.is_staff, person.is_superuser) == (True, False)
    author = Group.objects.get(name="Author")
    save(administrator, url_of(person, "change"), groups=[author.pk])
    assert list(person.groups.all()) == [author]
    assert response.status_code == 200


def test_an_administrator_cannot_make_a_superuser_or_give_single_rights(administrator: StrictClient) -> None:
    person = person_in("Author")
    shown = boxes(administrator.get(url_of(person, "change")))
    assert not {"is_superuser", "user_permissions", "is_staff"} & set(shown)
    right = Permission.objects.get(codename="delete_user")
    forged = {"is_superuser": "on", "user_permissions": [right.pk]}
    save(administrator, url_of(person, "change"), forged)
    person.refresh_from_db()
    assert not person.is_superuser
    assert not person.user_permissions.exists()
    typed = {"username": "new", "password1": "a-long-passphrase-1", "password2": "a-long-passphrase-1"}
    save(administrator, url_of(User, "add"), typed | forged)
    assert not User.objects.get(username="new").is_superuser


def test_an_administrator_cannot_lift_themselves(administrator: StrictClient) -> None:
    me = administrator.get("/admin/").wsgi_request.user
    save(administrator, url_of(me, "change"), {"is_superuser": "on"}, first_name="Grace")
    me.refresh_from_db()
    assert (me.first_name, me.is_superuser) == ("Grace", False)


def test_an_administrator_gives_the_three_roles_alone(administrator: StrictClient) -> None:
    system = Group.objects.create(name="System")
    person = person_in("Author")
    response = save(administrator, url_of(person, "change"), groups=[system.pk])
    assert "Select a valid choice" in str(response.context["errors"])
    assert [group.name for group in person.groups.all()] == ["Author"]


def test_an_administrator_changes_nobody_who_may_do_more(administrator: StrictClient) -> None:
    superuser = UserFactory(superuser=True)
    with_a_right, in_other_group = UserFactory(is_staff=True), UserFactory(is_staff=True)
    right = Permission.objects.get(codename="delete_user", content_type=ContentType.objects.get_for_model(User))
    with_a_right.user_permissions.add(right)
    in_other_group.groups.add(Group.objects.create(name="System"))
    for person in (superuser, with_a_right, in_other_group):
        assert administrator.get(url_of(person, "change")).status_code == 200  # to look at
        assert administrator.post(url_of(person, "change"), {"username": "taken-over"}).status_code == 403
        new = {"password1": "a-long-passphrase-1", "password2": "a-long-passphrase-1"}
        assert administrator.post(f"/admin/accounts/user/{person.pk}/password/", new).status_code == 403
        person.refresh_from_db()
        assert person.username != "taken-over"


def test_an_administrator_sets_a_new_password_for_an_author(administrator: StrictClient) -> None:
    person = person_in("Author")
    new = {"password1": "a-long-passphrase-1", "password2": "a-long-passphrase-1", "usable_password": "true"}
    administrator.post(f"/admin/accounts/user/{person.pk}/password/", new)
    person.refresh_from_db()
    assert person.check_password("a-long-passphrase-1")


def test_nobody_deletes_a_person_or_changes_a_role(administrator: StrictClient, admin_client: StrictClient) -> None:
    person, role = person_in("Author"), Group.objects.get(name="Author")
    assert administrator.post(url_of(person, "delete"), {"post": "yes"}).status_code == 403
    for client in (administrator, admin_client):
        assert client.post(url_of(role, "change"), {"name": "Everybody"}).status_code == 403
        assert client.post(url_of(role, "delete"), {"post": "yes"}).status_code == 403
        assert client.get(url_of(Group, "add")).status_code == 403
        assert "Can publish programme" not in client.get(url_of(role, "change")).content.decode()


def test_a_superuser_sees_all_boxes(admin_client: StrictClient) -> None:
    shown = boxes(admin_client.get(url_of(person_in("Author"), "change")))
    assert {"is_staff", "is_active"} <= set(shown)


def test_no_password_is_shown_to_who_may_only_look(administrator: StrictClient) -> None:
    page = administrator.get(url_of(UserFactory(superuser=True, password="a-long-passphrase-1"), "change"))
    assert "argon2" not in page.content.decode()


# Limits to some organisations


NEW_PASSWORD = {"password1": "a-long-passphrase-1", "password2": "a-long-passphrase-1", "usable_password": "true"}


@pytest.fixture
def limit(db: None) -> Remit:
    """The limit of an administrator to one organisation."""
    return RemitFactory(person=person_in("Administrator"))


def test_whoever_has_limits_sets_and_lifts_none(limit: Remit) -> None:
    client, before = client_of(limit.person), list(Remit.objects.values())
    other, colleague = OrganisationFactory(published=True), person_in("Author")
    more = {"person": limit.person_id, "organisation": other.pk}
    assert client.get(url_of(Remit, "changelist")).status_code == 200
    assert client.get(url_of(limit, "change")).status_code == 200  # to look at
    assert client.post(url_of(limit, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(url_of(limit, "change"), {"person": colleague.pk, "organisation": other.pk}).status_code == 403
    assert client.post(url_of(Remit, "add"), more).status_code == 403
    ticked = {"action": "delete_selected", "_selected_action": [limit.pk], "post": "yes"}
    client.post(url_of(Remit, "changelist"), ticked)
    assert list(Remit.objects.values()) == before


def test_whoever_has_limits_manages_no_people(limit: Remit) -> None:
    client, publisher = client_of(limit.person), person_in("Publisher")
    listed = client.get(url_of(User, "changelist"))
    assert publisher.username in listed.content.decode()
    assert not listed.context["has_add_permission"]
    for person in (publisher, limit.person):
        assert client.get(url_of(person, "change")).status_code == 200  # to look at
        assert client.post(url_of(person, "change"), {"username": "taken-over"}).status_code == 403
        assert client.post(f"/admin/accounts/user/{person.pk}/password/", NEW_PASSWORD).status_code == 403
        assert client.post(url_of(person, "delete"), {"post": "yes"}).status_code == 403
        person.refresh_from_db()
        assert person.username != "taken-over"
        assert not person.has_usable_password()
    assert client.post(url_of(User, "add"), {"username": "new", **NEW_PASSWORD}).status_code == 403
    assert not User.objects.filter(username="new").exists()


def test_whoever_has_limits_still_finds_a_colleague_by_name(limit: Remit) -> None:
    colleague = person_in("Author")
    typed = {"app_label": "partnerships", "model_name": "site", "field_name": "owner", "term": colleague.username}
    found = client_of(limit.person).get("/admin/autocomplete/", typed).json()["results"]
    assert [one["id"] for one in found] == [str(colleague.pk)]


@pytest.mark.parametrize("who", ["administrator", "admin_client"])
def test_administrators_and_superusers_without_limits_set_and_lift_them(
    who: str, limit: Remit, request: pytest.FixtureRequest
) -> None:
    client, person = request.getfixturevalue(who), person_in("Author")
    save(client, url_of(Remit, "add"), person=person.pk, organisation=limit.organisation_id)
    assert Remit.objects.filter(person=person, organisation=limit.organisation).exists()
    client.post(url_of(limit, "delete"), {"post": "yes"})
    assert not Remit.objects.filter(pk=limit.pk).exists()


@pytest.mark.parametrize("role", ["Author", "Publisher"])
def test_no_role_but_the_administrators_sets_or_lifts_limits(role: str, limit: Remit) -> None:
    client = client_of(person_in(role))
    assert client.post(url_of(limit, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(url_of(Remit, "add"), {}).status_code == 403
    assert list(Remit.objects.all()) == [limit]


def test_an_organisation_is_not_deleted_while_somebody_is_limited_to_it(administrator: StrictClient) -> None:
    organisation = OrganisationFactory()
    limit = RemitFactory(organisation=organisation)
    page = administrator.get(url_of(organisation, "delete")).content.decode()
    assert "Cannot delete" in page
    assert url_of(limit, "change") in page
    ticked = {"action": "delete_selected", "_selected_action": [organisation.pk], "post": "yes"}
    administrator.post(url_of(organisation, "delete"), {"post": "yes"})
    administrator.post(url_of(Organisation, "changelist"), ticked)
    assert User.objects.get(pk=limit.person_id).remit == {organisation.pk}
    administrator.post(url_of(limit, "delete"), {"post": "yes"})
    administrator.post(url_of(organisation, "delete"), {"post": "yes"})
    assert not Organisation.objects.filter(pk=organisation.pk).exists()
