"""Every page of the admin opens, for those who may, with a number of queries that does not grow with the rows."""

import datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    Aim,
    Area,
    Confirmation,
    Organisation,
    Partnership,
    Priority,
    Remit,
    Site,
    Source,
    Strategy,
)
from programmes.models import Correction, Observation, OutcomeMetric, Programme, Service, Statement
from tests.admin.conftest import client_of, person_in, url_of
from tests.factories import (
    AgreementFactory,
    AimFactory,
    AreaFactory,
    BoardMemberFactory,
    ConfirmationFactory,
    CorrectionFactory,
    FailedSearchFactory,
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OrganisationNameFactory,
    OutcomeMetricFactory,
    PageFeedbackFactory,
    ParticipationFactory,
    PartnershipFactory,
    PartnershipPriorityFactory,
    PlaceFactory,
    PortalFactory,
    PriorityFactory,
    ProgrammeFactory,
    RemitFactory,
    ServiceFactory,
    SiteFactory,
    SourceFactory,
    StatementFactory,
    StrategyFactory,
    StrategyValueFactory,
    SuccessionFactory,
    SynonymFactory,
    UserFactory,
)
from trustportal.accounts.models import User
from trustportal.feedback.models import PageFeedback
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Act, FormerSlug, Publishable, Schedule
from trustportal.publishing.snapshot import versioned_parts
from trustportal.search.models import FailedSearch, Synonym
from trustportal.website.models import Portal

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]

MOST_ON_A_LIST = 15
MOST_ON_A_FORM = 40  # whatever the number of rows
MOST_TO_PUBLISH = 250  # the change of a record with 30 rows of each kind


def former_slug() -> FormerSlug:
    site = SiteFactory(published=True)
    site.slug += "-moved"
    site.save()
    return FormerSlug.objects.latest("pk")


def act() -> Act:
    SourceFactory(published=True)
    return Act.objects.latest("pk")


def schedule() -> Schedule:
    due_at = timezone.now() + datetime.timedelta(days=1)
    return scheduling.schedule(SourceFactory(), Schedule.What.PUBLISH, due_at=due_at, by=UserFactory(superuser=True))


MAKERS = {
    Organisation: lambda: OrganisationFactory(parent=OrganisationFactory()),
    Source: SourceFactory,
    Partnership: lambda: PartnershipFactory(with_members=True, with_agreement=True, published=True),
    Area: lambda: AreaFactory(parent=AreaFactory()),
    Site: SiteFactory,
    Strategy: StrategyFactory,
    Priority: PriorityFactory,
    Aim: AimFactory,
    Programme: lambda: ProgrammeFactory(local_care_network=True, with_statements=True, published=True),
    OutcomeMetric: lambda: OutcomeMetricFactory(with_observations=True, programme=ProgrammeFactory()),
    Observation: ObservationFactory,
    Correction: CorrectionFactory,
    Service: ServiceFactory,
    PageFeedback: PageFeedbackFactory,
    FormerSlug: former_slug,
    Act: act,
    Schedule: schedule,
    Remit: RemitFactory,
    Confirmation: ConfirmationFactory,
    Synonym: SynonymFactory,
    FailedSearch: FailedSearchFactory,
    User: lambda: UserFactory(is_staff=True),
    Group: lambda: Group.objects.get_or_create(name=f"Group {Group.objects.count()}")[0],
    Portal: PortalFactory,
}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)


def as_id(model: type[Model]) -> str:
    return model._meta.label_lower


def queries(client: object, url: str) -> int:
    """How many queries a page takes once the caches are warm."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, url
    return len(captured)


def warm() -> None:
    """Content types are read once a process."""
    for content_type in ContentType.objects.all():
        ContentType.objects.get_for_id(content_type.pk)


def test_every_registered_model_is_tested_here() -> None:
    assert set(MAKERS) == set(REGISTERED)


@pytest.mark.parametrize("model", REGISTERED, ids=as_id)
def test_a_list_opens_with_as_many_queries_for_ten_rows_as_for_three(admin_client: object, model: type[Model]) -> None:
    if model is Portal:
        pytest.skip("There is one row and no list.")
    warm()
    rows = [MAKERS[model]() for _ in range(3)]
    few = queries(admin_client, url_of(model, "changelist"))
    rows += [MAKERS[model]() for _ in range(7)]
    many = queries(admin_client, url_of(model, "changelist"))
    assert many <= few <= MOST_ON_A_LIST


@pytest.mark.parametrize("model", REGISTERED, ids=as_id)
def test_add_and_change_pages_open_with_few_queries(admin_client: object, model: type[Model]) -> None:
    warm()
    row = MAKERS[model]()
    assert queries(admin_client, url_of(row, "change")) <= MOST_ON_A_FORM
    if admin.site._registry[model].has_add_permission(admin_client.get("/admin/").wsgi_request):
        assert queries(admin_client, url_of(model, "add")) <= MOST_ON_A_LIST


def organisation_with(rows: int) -> Organisation:
    organisation = OrganisationFactory(closed=True)
    OrganisationNameFactory.create_batch(rows, organisation=organisation)
    OrganisationIdentifierFactory.create_batch(rows, organisation=organisation)
    SuccessionFactory.create_batch(rows, organisation=organisation)
    organisation.sources.set(SourceFactory.create_batch(rows))
    return organisation


def partnership_with(rows: int) -> Partnership:
    partnership = PartnershipFactory(areas=AreaFactory.create_batch(rows), aims=AimFactory.create_batch(rows))
    MembershipFactory.create_batch(rows, partnership=partnership, source=SourceFactory())
    for _ in range(rows):
        AgreementFactory(partnership=partnership, document=SourceFactory(), source=SourceFactory())
        PartnershipPriorityFactory(partnership=partnership, source=SourceFactory())
    return partnership


def strategy_with(rows: int) -> Strategy:
    strategy = StrategyFactory()
    for _ in range(rows):
        StrategyValueFactory(strategy=strategy, source=SourceFactory())
    return strategy


def local_care_network_with(rows: int) -> Programme:
    programme = ProgrammeFactory(local_care_network=True, with_statements=True, areas=AreaFactory.create_batch(rows))
    for _ in range(rows):
        BoardMemberFactory(programme=programme, source=SourceFactory())
        ParticipationFactory(programme=programme, source=SourceFactory())
        StatementFactory(programme=programme, kind=Statement.Kind.STEP, source=SourceFactory())
        StatementFactory(programme=programme, endorsement=True, source=SourceFactory())
        StatementFactory(programme=programme, milestone=True)
    return programme


def satellite_site_with(rows: int) -> Programme:
    programme = ProgrammeFactory(satellite_site=True)
    for _ in range(rows):
        PlaceFactory(programme=programme, source=SourceFactory())
    return programme


def buddying_with(rows: int) -> Programme:
    programme = ProgrammeFactory(buddying=True)
    for _ in range(rows):
        StatementFactory(programme=programme, kind=Statement.Kind.SUPPORT, source=SourceFactory())
    return programme


def metric_with(rows: int) -> OutcomeMetric:
    metric = OutcomeMetricFactory(rate=True)
    for _ in range(rows):
        ObservationFactory(metric=metric, source=SourceFactory())
    return metric


def published(record: Publishable) -> Publishable:
    """The record once the public sees it."""
    return workflow.publish(record, by=UserFactory(superuser=True))


def with_other_rows(change: Publishable) -> Publishable:
    """A change in which each row of each kind differs from what is public."""
    type(change).objects.filter(pk=change.pk).update(change_note="Every row was looked through.")
    for key in versioned_parts(type(change)).values():
        key.model._base_manager.filter(**{key.name: change}).update(provenance="GST-12")
    change.refresh_from_db()
    return change


@pytest.mark.parametrize(
    "make",
    [
        organisation_with,
        partnership_with,
        strategy_with,
        local_care_network_with,
        satellite_site_with,
        buddying_with,
        metric_with,
    ],
)
def test_a_change_page_takes_as_many_queries_for_ten_rows_in_each_inline_as_for_three(
    admin_client: object, make: object
) -> None:
    warm()
    few, many = (queries(admin_client, url_of(make(rows), "change")) for rows in (3, 10))
    assert many <= few <= MOST_ON_A_FORM


@pytest.mark.parametrize("make", [organisation_with, local_care_network_with, satellite_site_with])
def test_so_does_the_form_of_a_working_copy_and_it_is_published_with_few(
    admin_client: object, superuser: User, make: object
) -> None:
    warm()
    changes = [workflow.start_change(published(make(rows)), by=superuser) for rows in (3, 10)]
    few, many = (queries(admin_client, url_of(change, "change")) for change in changes)
    assert many <= few <= MOST_ON_A_FORM
    change = with_other_rows(changes[1])
    with CaptureQueriesContext(connection) as captured:
        admin_client.post(url_of(change, "act", "publish"))
    assert not type(change).objects.filter(pk=change.pk).exists()
    for key in versioned_parts(type(change)).values():
        rows = key.model._base_manager.filter(**{key.name: change.draft_of_id})
        assert {row.provenance for row in rows} <= {"GST-12"}
    assert len(captured) <= MOST_TO_PUBLISH


def test_a_change_page_does_not_grow_with_the_tables_behind_its_choices(admin_client: object) -> None:
    programme = ProgrammeFactory(local_care_network=True)
    before = len(admin_client.get(url_of(programme, "change")).content)
    OrganisationFactory.create_batch(50)
    AreaFactory.create_batch(50)
    ProgrammeFactory.create_batch(50)
    after = len(admin_client.get(url_of(programme, "change")).content)
    assert abs(after - before) < 100  # tokens differ in length, nothing else


def test_every_relation_can_be_looked_up(admin_client: object) -> None:
    looked_up = 0
    for model, model_admin in admin.site._registry.items():
        inlines = [inline(model, admin.site) for inline in getattr(model_admin, "inlines", ())]
        for editor in [model_admin, *inlines]:
            for name in editor.get_autocomplete_fields(admin_client.get("/admin/").wsgi_request):
                options = editor.model._meta
                asked = {
                    "app_label": options.app_label,
                    "model_name": options.model_name,
                    "field_name": name,
                    "term": "a",
                }
                assert admin_client.get(reverse("admin:autocomplete"), asked).status_code == 200, (options.label, name)
                looked_up += 1
    assert looked_up > 30


@pytest.mark.parametrize("role", ["Author", "Publisher", "Administrator"])
@pytest.mark.parametrize("model", REGISTERED, ids=as_id)
def test_each_role_opens_the_pages_that_its_rights_open_and_no_others(role: str, model: type[Model]) -> None:
    row = MAKERS[model]()
    person = person_in(role)
    client = client_of(person)
    app_label, name = model._meta.app_label, model._meta.model_name
    may_view = person.has_perm(f"{app_label}.view_{name}")
    may_add = person.has_perm(f"{app_label}.add_{name}") and model is not Portal
    listed = client.get(url_of(model, "changelist"), follow=True)
    assert listed.status_code == (200 if may_view else 403)
    assert client.get(url_of(row, "change")).status_code == (200 if may_view else 403)
    assert client.get(url_of(row, "history")).status_code == (200 if may_view else 403)
    if model is Correction:
        assert client.get(url_of(model, "add")).status_code == 404  # of which figure, its address says
    else:
        assert client.get(url_of(model, "add")).status_code == (200 if may_add else 403)


@pytest.mark.parametrize(
    ("model", "found_by"),
    [
        (Organisation, "RJ1"),
        (Organisation, "Former Name of It"),
        (Organisation, "shrtnm"),
        (Programme, "RJ1"),
        (Programme, "Former Name of It"),
        (Partnership, "RJ1"),
    ],
)
def test_search_finds_by_codes_and_other_names(admin_client: object, model: type[Model], found_by: str) -> None:
    trust = OrganisationFactory(name="The Trust", short_name="SHRTNM")
    OrganisationIdentifierFactory(organisation=trust, value="RJ1")
    OrganisationNameFactory(organisation=trust, name="Former name of it")
    wanted = {
        Organisation: trust,
        Programme: ProgrammeFactory(lead=trust),
        Partnership: PartnershipFactory(lead=trust),
    }[model]
    ProgrammeFactory()
    PartnershipFactory()
    response = admin_client.get(url_of(model, "changelist"), {"q": found_by})
    assert list(response.context["cl"].result_list) == [wanted]


def test_working_copies_are_left_out_of_lists_and_look_ups(admin_client: object) -> None:
    trust = OrganisationFactory(name="Live Trust")
    OrganisationFactory(name="Live Trust, changed", slug=trust.slug, draft_of=trust)
    listed = admin_client.get(url_of(Organisation, "changelist")).context["cl"].result_list
    assert list(listed) == [trust]
    asked = {"app_label": "programmes", "model_name": "programme", "field_name": "lead", "term": "Live"}
    found = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [row["id"] for row in found] == [str(trust.pk)]


def test_the_review_filter_finds_pages_that_are_late(admin_client: object) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=400)
    late = SiteFactory(published=True, published_at=long_ago)
    soon = SiteFactory(published=True, published_at=timezone.now() - datetime.timedelta(days=300))
    SiteFactory(published=True)
    SiteFactory(withdrawn=True, published_at=long_ago)
    url = url_of(Site, "changelist")
    assert list(admin_client.get(url, {"review": "overdue"}).context["cl"].result_list) == [late]
    assert list(admin_client.get(url, {"review": "soon"}).context["cl"].result_list) == [soon]
    assert "Overdue:" in admin_client.get(url).content.decode()


def test_only_published_records_can_be_viewed_on_the_site(admin_client: object) -> None:
    draft, public = SiteFactory(), SiteFactory(published=True)
    assert "View on site" not in admin_client.get(url_of(draft, "change")).content.decode()
    assert f'href="{public.get_absolute_url()}"' in admin_client.get(url_of(public, "change")).content.decode()


def test_a_record_links_from_its_former_addresses_and_its_acts(admin_client: object) -> None:
    slug = former_slug()
    for row in (slug, Act.objects.get(object_id=slug.object_id, content_type=slug.content_type)):
        page = admin_client.get(url_of(type(row), "changelist")).content.decode()
        assert url_of(slug.record, "change") in page


def test_nobody_writes_acts_or_former_addresses_by_hand(admin_client: object) -> None:
    for row in (former_slug(), act()):
        assert admin_client.get(url_of(type(row), "add")).status_code == 403
        assert admin_client.post(url_of(row, "change"), {"note": "forged"}).status_code == 403
    assert admin_client.post(url_of(Act.objects.first(), "delete"), {"post": "yes"}).status_code == 403


def test_the_admin_speaks_the_portals_words(admin_client: object) -> None:
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert "Partnerships portal" in page
    assert "Django" not in page
