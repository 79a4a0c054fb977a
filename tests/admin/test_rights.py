"""Who may do what to which record, measured by what the database says afterwards and by what the pages show."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Aim, Organisation, Partnership, Priority, Site, Source, Strategy
from programmes import figures
from programmes.models import Correction, Observation, OutcomeMetric, Programme
from tests.admin.conftest import (
    add_row,
    boxes,
    boxes_to_copy,
    client_of,
    errors_of,
    in_box,
    in_january,
    messages_of,
    person_in,
    save,
    url_of,
)
from tests.factories import (
    AimFactory,
    CorrectionFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    PartnershipFactory,
    PriorityFactory,
    ProgrammeFactory,
    RemitFactory,
    SiteFactory,
    SourceFactory,
    StatementFactory,
    StrategyFactory,
    UserFactory,
)
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.publishing import scheduling, sharing, workflow
from trustportal.publishing.models import (
    Act,
    FormerSlug,
    Presence,
    Publishable,
    Schedule,
    ShareLink,
    State,
    Version,
)
from trustportal.publishing.snapshot import plain, snapshot, versioned_fields

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]

ROLES = ["Author", "Publisher", "Administrator"]
TOMORROW = datetime.timedelta(days=1)


@pytest.fixture
def ours(db: None) -> Organisation:
    """The organisation whose records the person works on."""
    return OrganisationFactory(name="Our trust", published=True)


@pytest.fixture
def other(db: None) -> Organisation:
    """Another organisation."""
    return OrganisationFactory(name="Other trust", published=True)


@pytest.fixture
def boss(db: None) -> User:
    """Somebody who may do everything and prepares what the tests need."""
    return UserFactory(superuser=True, username="boss")


def limited(role: str, organisation: Organisation) -> StrictClient:
    """The browser of somebody with a role who works on the records of one organisation alone."""
    person = person_in(role)
    RemitFactory(person=person, organisation=organisation)
    return client_of(person)


def rows(model: type[models.Model]) -> list[dict[str, object]]:
    return list(model._base_manager.order_by("pk").values())


def all_rows() -> list[list[dict[str, object]]]:
    """Everything that anything in this module could change."""
    kept = [Site, Act, Version, Schedule, ShareLink, Presence, FormerSlug, LogEntry]
    return [rows(model) for model in kept]


@contextmanager
def undone() -> Iterator[None]:
    """What happens in the block has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Every act, by every role, on a record in every state, within the person's limits and outside


STAGES = ["draft", "in_review", "published", "withdrawn", "change", "change_in_review"]
IN_WORK = {"draft", "in_review", "change", "change_in_review"}


def site_at(stage: str, organisation: Organisation, boss: User) -> Site:
    """A site of an organisation, or the change of one, somewhere on its way; nobody but boss wrote in it."""
    of = {"organisation": organisation, "slug": f"{organisation.slug}-site"}
    if not stage.startswith("change"):
        return SiteFactory(name="Secret text", **of, **({} if stage == "draft" else {stage: True}))
    site = SiteFactory(name="Public text", **of, published=True)
    change = workflow.start_change(site, by=boss)
    change.name, change.change_note = "Secret text", "It has a new name."
    change.save()
    workflow.note_saved(change, by=boss)
    return workflow.submit(change, by=boss) if stage == "change_in_review" else change


def press(act: str, **typed: object) -> Callable[[StrictClient, Site, User], HttpResponse]:
    """Send the form of an act, as its button would."""

    def send(client: StrictClient, site: Site, boss: User) -> HttpResponse:
        return client.post(url_of(site, "act", act), {"opened_at": site.edit_number, **typed})

    return send


def tick(action: str, **more: object) -> Callable[[StrictClient, Site, User], HttpResponse]:
    """Tick the record in the list and choose an action."""

    def send(client: StrictClient, site: Site, boss: User) -> HttpResponse:
        data = {"action": action, "_selected_action": [site.itself.pk], **more}
        return client.post(url_of(Site, "changelist"), data)

    return send


def save_form(client: StrictClient, site: Site, boss: User) -> HttpResponse:
    sent = {field.name: plain(field, getattr(site, field.attname)) for field in versioned_fields(Site)}
    sent = {name: value for name, value in sent.items() if value not in {None, False}}
    sent |= {"name": "Typed", "slug": "typed", "change_note": "Typed.", "opened_at": site.edit_number}
    return client.post(url_of(site, "change"), sent)


def revoke(client: StrictClient, site: Site, boss: User) -> HttpResponse:
    link = ShareLink.objects.on(site).first() or ShareLink(pk=1)
    return client.post(url_of(site, "revoke_link", link.pk))


def cancel(client: StrictClient, site: Site, boss: User) -> HttpResponse:
    made = Schedule.objects.on(site).first() or Schedule(pk=1)
    return client.post(url_of(site, "cancel_schedule", made.pk))


def cancel_in_list(client: StrictClient, site: Site, boss: User) -> HttpResponse:
    keys = list(Schedule.objects.values_list("pk", flat=True))
    return client.post(url_of(Schedule, "changelist"), {"action": "cancel", "_selected_action": keys})


def prepare(verb: str, site: Site, boss: User) -> None:
    """What must be there before, so that the verb could have an effect."""
    if verb == "revoke" and site.is_in_work:
        sharing.share(site, by=boss)
    if verb.startswith("cancel") and site.state != State.WITHDRAWN:
        act = Schedule.What.PUBLISH if site.is_in_work else Schedule.What.WITHDRAW
        publisher = UserFactory(superuser=True)
        scheduling.schedule(site, act, due_at=timezone.now() + TOMORROW, by=publisher, reason="It closes.")


VERBS = {
    "save": save_form,
    "presence": lambda client, site, boss: client.post(url_of(site, "presence")),
    "submit": press("submit"),
    "start_change": press("start_change"),
    "share": press("share", days="3"),
    "revoke": revoke,
    "discard": press("discard"),
    "restore": lambda client, site, boss: client.post(url_of(site, "restore", 1)),
    "return_to_draft": press("return_to_draft", note="Mend it."),
    "publish": press("publish"),
    "schedule": press("schedule", due_at=in_box(in_january())),
    "confirm_reviewed": press("confirm_reviewed"),
    "withdraw": press("withdraw", reason="It closes."),
    "schedule_withdrawal": press("schedule_withdrawal", due_at=in_box(in_january()), reason="It closes."),
    "cancel": cancel,
    "cancel in the list": cancel_in_list,
    "delete": lambda client, site, boss: client.post(url_of(site, "delete"), {"post": "yes"}),
    "submit in the list": tick("submit"),
    "publish in the list": tick("publish"),
    "confirm in the list": tick("confirm_reviewed"),
    "delete in the list": tick("delete_selected", post="yes"),
}
AUTHOR = {
    "save": {"draft", "change"},
    "presence": {"draft", "change"},
    "submit": {"draft", "change"},
    "start_change": {"published", "withdrawn"},
    "share": IN_WORK,
    "revoke": IN_WORK,
    "discard": {"change"},
    "restore": {"published", "withdrawn"},
    "submit in the list": {"draft", "change"},
}
PUBLISHER = {
    **AUTHOR,
    "save": IN_WORK,
    "presence": IN_WORK,
    "discard": {"change", "change_in_review"},
    "return_to_draft": {"in_review", "change_in_review"},
    "publish": IN_WORK | {"withdrawn"},
    "schedule": IN_WORK,
    "confirm_reviewed": {"published"},
    "withdraw": {"published", "withdrawn"},
    "schedule_withdrawal": {"published"},
    "cancel": IN_WORK | {"published"},
    "cancel in the list": IN_WORK | {"published"},
    "delete": {"draft", "in_review"},
    "publish in the list": IN_WORK | {"withdrawn"},
    "confirm in the list": {"published", "change", "change_in_review"},  # of the page itself
    "delete in the list": {"draft", "in_review"},
}
MAY = {"Author": AUTHOR, "Publisher": PUBLISHER, "Administrator": PUBLISHER}


def done_to(client: StrictClient, site: Site, boss: User) -> set[str]:
    """The verbs that changed anything, each tried by itself."""
    found = set()
    for verb, send in VERBS.items():
        with undone():
            prepare(verb, site, boss)
            before = all_rows()
            response = send(client, site, boss)
            assert response.status_code < 500
            after = all_rows()
            if after != before:
                found.add(verb)
    return found


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_its_rights_say_and_nothing_else(
    role: str, stage: str, ours: Organisation, boss: User
) -> None:
    may = {verb for verb, stages in MAY[role].items() if stage in stages}
    site = site_at(stage, ours, boss)
    assert done_to(client_of(person_in(role)), site, boss) == may
    assert done_to(limited(role, ours), site, boss) == may


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("role", ROLES)
def test_nobody_does_anything_outside_their_limits(
    role: str, stage: str, ours: Organisation, other: Organisation, boss: User
) -> None:
    site = site_at(stage, other, boss)
    assert done_to(limited(role, ours), site, boss) == set()


@pytest.mark.parametrize("stage", STAGES)
def test_an_account_without_a_role_an_inactive_one_and_a_reader_get_nowhere(
    stage: str, ours: Organisation, boss: User
) -> None:
    site = site_at(stage, ours, boss)
    inactive = person_in("Administrator")
    was_here = client_of(inactive)
    inactive.is_active = False
    inactive.save()
    no_role = client_of(UserFactory(is_staff=True))
    no_desk = client_of(UserFactory(rights=("change_site", "publish_site", "view_site", "delete_site")))
    for client in (no_role, was_here, no_desk, StrictClient()):
        assert done_to(client, site, boss) == set()
        for page in ("change", "history", "compare", "preview", "delete"):
            response = client.get(url_of(site, page))
            assert response.status_code in {302, 403}, page
            assert "Secret text" not in response.content.decode()
        for url in (url_of(Site, "changelist"), url_of(Site, "add")):
            assert client.get(url).status_code in {302, 403}


# What people see


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("role", ROLES)
def test_a_record_is_seen_within_the_limits_and_what_is_public_by_all_who_edit(
    role: str, stage: str, ours: Organisation, other: Organisation, boss: User
) -> None:
    client = limited(role, ours)
    for organisation, is_seen in [(ours, True), (other, stage == "published")]:
        site = site_at(stage, organisation, boss)
        for page in ("change", "history", "compare", "preview"):
            response = client.get(url_of(site, page), follow=page == "preview")
            if is_seen:
                assert response.status_code in {200, 410}, page  # a withdrawn page says so
            else:
                assert response.status_code == 403, page
                assert "Secret text" not in response.content.decode(), page
        for act in ("withdraw", "share", "schedule", "discard", "return_to_draft", "schedule_withdrawal"):
            response = client.get(url_of(site, "act", act), follow=True)
            assert is_seen or "Secret text" not in response.content.decode(), act
            response = client.post(url_of(site, "act", act), {"days": "0"}, follow=True)
            assert is_seen or "Secret text" not in response.content.decode(), act


@pytest.mark.parametrize("role", ROLES)
def test_nobody_hears_of_a_change_outside_their_limits(
    role: str, ours: Organisation, other: Organisation, boss: User
) -> None:
    client, public, own = limited(role, ours), site_at("change", other, boss), site_at("change", ours, boss)
    addresses = [url_of(public.itself, page) for page in ("change", "history", "compare")]
    listed = url_of(Site, "changelist")
    for address in [*addresses, listed, f"{listed}?q=Secret", f"{listed}?q=Public"]:
        page = client.get(address).content.decode()
        assert url_of(public, "change") not in page, address
        assert "Secret text" not in page.replace(f'<a href="{url_of(own, "change")}">Secret text</a>', ""), address
    assert list(client.get(listed, {"change": "draft"}).context["cl"].result_list) == [own.itself]
    assert url_of(own, "change") in client.get(listed).content.decode()
    for action in ("submit", "publish", "confirm_reviewed"):
        data = {"action": action, "_selected_action": [public.itself.pk]}
        assert "Secret text" not in client.post(listed, data, follow=True).content.decode(), action


OF = {
    Source: lambda of, **more: SourceFactory(publisher=of, **more),
    Partnership: lambda of, **more: PartnershipFactory(lead=of, **more),
    Site: lambda of, **more: SiteFactory(organisation=of, **more),
    Strategy: lambda of, **more: StrategyFactory(lead=of, **more),
    Priority: lambda of, **more: PriorityFactory(strategy=StrategyFactory(lead=of, published=True), **more),
    Aim: lambda of, **more: AimFactory(
        priority=PriorityFactory(strategy=StrategyFactory(lead=of, published=True), published=True), **more
    ),
    Programme: lambda of, **more: ProgrammeFactory(lead=of, **more),
    OutcomeMetric: lambda of, **more: OutcomeMetricFactory(lead=of, **more),
}
KINDS = sorted(OF, key=lambda model: model.__name__)


def as_id(model: type[models.Model]) -> str:
    return model.__name__


def looked_up(client: StrictClient, model: type[models.Model], field: str, term: str) -> set[str]:
    asked = {
        "app_label": model._meta.app_label,
        "model_name": model._meta.model_name,
        "field_name": field,
        "term": term,
    }
    return {row["text"] for row in client.get(reverse("admin:autocomplete"), asked).json()["results"]}


LOOK_UPS = {
    Organisation: (Programme, "lead"),
    Source: (Programme, "sources"),
    Partnership: (Programme, "partnership"),
    Site: (Programme.places.rel.related_model, "site"),
    Priority: (Aim, "priority"),
    Strategy: (Priority, "strategy"),
    Aim: (Programme, "aims"),
    Programme: (Programme, "builds_on"),
}


@pytest.mark.parametrize("model", [Organisation, *KINDS], ids=as_id)
@pytest.mark.parametrize("role", ROLES)
def test_nothing_unpublished_of_another_organisation_shows_anywhere(
    role: str, model: type[Publishable], ours: Organisation, other: Organisation, boss: User
) -> None:
    make = OF.get(model, lambda of, **more: OrganisationFactory(**more))
    hidden = [
        make(other, name="Secret draft"),
        make(other, name="Secret review", in_review=True),
        make(other, name="Secret gone", withdrawn=True),
    ]
    public = make(other, name="Secret no more", published=True)
    changed = workflow.start_change(make(other, name="Known", published=True), by=boss)
    type(changed).objects.filter(pk=changed.pk).update(name="Secret change")
    changed.refresh_from_db()
    hidden.append(changed)
    client = limited(role, ours)
    for query in [{}, {"q": "Secret"}, {"state__exact": "draft"}, {"state__exact": "in_review"}, {"all": ""}]:
        found = client.get(url_of(model, "changelist"), query)
        assert not set(hidden) & set(found.context["cl"].result_list)
        words = found.content.decode()
        assert not [record.name for record in hidden if record.name in words], query
    assert list(client.get(url_of(model, "changelist"), {"q": "Secret"}).context["cl"].result_list) == [public]
    if model in LOOK_UPS:
        assert looked_up(client, *LOOK_UPS[model], "Secret") == {str(public)}
    for record in hidden:
        for page in ("change", "history", "compare", "preview"):
            response = client.get(url_of(record, page))
            assert response.status_code == 403
            assert "Secret" not in response.content.decode()


def test_the_lists_of_schedules_acts_and_former_addresses_keep_to_the_limits(
    ours: Organisation, other: Organisation, boss: User
) -> None:
    sites = {}
    for organisation in (ours, other):
        site = SiteFactory(organisation=organisation, published=True)
        site.slug += "-moved"
        site.save()
        change = workflow.start_change(site, by=boss)
        draft = SiteFactory(organisation=organisation)
        Site.objects.filter(pk=change.pk).update(is_small_correction=True)
        for text in (change, draft):
            due_at = timezone.now() + TOMORROW
            scheduling.schedule(text, Schedule.What.PUBLISH, due_at=due_at, by=UserFactory(superuser=True))
        sites[organisation] = {site.pk, change.pk, draft.pk}
    client = limited("Administrator", ours)
    for model in (Schedule, Act, FormerSlug):
        found = client.get(url_of(model, "changelist")).context["cl"].result_list
        keys = {row.object_id for row in found if row.content_type.model == "site"}
        assert keys
        assert keys <= sites[ours]
        for row in model.objects.filter(content_type__model="site", object_id__in=sites[other]):
            assert client.get(url_of(row, "change")).status_code in {302, 403, 404}


@pytest.fixture
def figure_of_a_secret(other: Organisation) -> OutcomeMetric:
    """A published metric of another organisation of a draft of theirs, which its public page leaves out."""
    plan = ProgrammeFactory(name="Secret plan", lead=other)
    return OutcomeMetricFactory(name="Known figure", lead=other, programme=plan, published=True)


def test_the_public_page_and_the_past_of_a_record_do_not_name_a_draft(
    figure_of_a_secret: OutcomeMetric, ours: Organisation
) -> None:
    client = limited("Author", ours)
    for address in (
        figure_of_a_secret.get_absolute_url(),
        url_of(figure_of_a_secret, "compare"),
        url_of(figure_of_a_secret, "history"),
    ):
        assert "Secret plan" not in client.get(address).content.decode(), address


def test_the_list_does_not_name_drafts_of_other_organisations_or_find_by_them(
    figure_of_a_secret: OutcomeMetric, ours: Organisation
) -> None:
    listed, client = url_of(OutcomeMetric, "changelist"), limited("Author", ours)
    assert "Secret plan" not in client.get(listed).content.decode()
    assert list(client.get(listed, {"q": "Secret"}).context["cl"].result_list) == []


def test_the_form_of_a_published_record_does_not_name_drafts_of_other_organisations(
    figure_of_a_secret: OutcomeMetric, ours: Organisation
) -> None:
    page = limited("Author", ours).get(url_of(figure_of_a_secret, "change"), follow=True)
    assert "Secret plan" not in page.content.decode()


# Choosing, moving, adding


def test_published_records_of_other_organisations_can_be_chosen(ours: Organisation, other: Organisation) -> None:
    programme, site = ProgrammeFactory(lead=ours), SiteFactory(organisation=other, published=True)
    client = limited("Author", ours)
    assert looked_up(client, Programme, "lead", "Other") == {"Other trust"}
    data = boxes(client.get(url_of(programme, "change"))) | {"kind": "satellite-site"}
    data = add_row(data, "participations", organisation=other.pk, role="delivery")
    client.post(url_of(programme, "change"), data)
    data = add_row(boxes(client.get(url_of(programme, "change"))), "places", site=site.pk)
    client.post(url_of(programme, "change"), data)
    assert programme.participations.get().organisation == other
    assert programme.places.get().site == site


def test_what_one_may_not_see_is_not_chosen_or_named_even_with_a_forged_post(
    ours: Organisation, other: Organisation
) -> None:
    organisation = OrganisationFactory(name="Secret trust")
    source = SourceFactory(name="Secret source", publisher=other)
    programme, client = ProgrammeFactory(lead=ours), limited("Author", ours)
    before = snapshot(programme)
    data = boxes(client.get(url_of(programme, "change"))) | {"sources": [source.pk]}
    data = add_row(data, "participations", organisation=organisation.pk, role="delivery")
    response = client.post(url_of(programme, "change"), data, follow=True)
    assert snapshot(programme) == before
    for page in (response, client.get(url_of(programme, "change"))):
        assert "Secret" not in page.content.decode()


def test_what_somebody_else_chose_for_us_stays_when_we_save(ours: Organisation, other: Organisation) -> None:
    source, partner = SourceFactory(publisher=other), OrganisationFactory()
    programme = ProgrammeFactory(lead=ours)
    programme.sources.add(source)
    programme.participations.create(organisation=partner, role="delivery")
    client = limited("Author", ours)
    response = save(client, url_of(programme, "change"), {"participations-0-note": "They helped."}, name="New name")
    assert "was changed successfully" in messages_of(response)
    programme.refresh_from_db()
    assert programme.name == "New name"
    assert list(programme.sources.all()) == [source]
    assert (programme.participations.get().organisation, programme.participations.get().note) == (
        partner,
        "They helped.",
    )


def field_of(model: type[Publishable]) -> str:
    """The field that says who answers for a record, perhaps by way of another record."""
    return model.answered_for_by.split("__")[0].removesuffix("_id")


@pytest.mark.parametrize("is_change", [False, True])
@pytest.mark.parametrize("model", KINDS, ids=as_id)
@pytest.mark.parametrize("role", ROLES)
def test_a_record_is_not_moved_out_of_ones_limits(
    role: str, model: type[Publishable], is_change: bool, ours: Organisation, other: Organisation, boss: User
) -> None:
    record, target = OF[model](ours, published=is_change), getattr(OF[model](other, published=True), field_of(model))
    if is_change:
        record = workflow.start_change(record, by=boss)
    before, noted = rows(model), [rows(kept) for kept in (Act, Version, LogEntry)]
    client = limited(role, ours)
    response = save(client, url_of(record, "change"), {field_of(model): target.pk, "position": "7"}, name="Moved")
    assert "this one would belong to another" in errors_of(response)
    assert rows(model) == before
    assert [rows(kept) for kept in (Act, Version, LogEntry)] == noted
    assert 'value="Moved"' in response.content.decode()


@pytest.mark.parametrize("model", KINDS, ids=as_id)
def test_nothing_is_added_for_another_organisation_but_for_ones_own(
    model: type[Publishable], ours: Organisation, other: Organisation
) -> None:
    client = limited("Author", ours)
    sent = {"summary": "What it is.", "position": "7", "unit": "people", "vision": "Better.", "stage": "running"}
    sent |= {"why_it_matters": "It does.", "definition": "Each once.", "scope": "local", "started_on": "2020"}
    sent |= {"kind": getattr(OF[model](ours), "kind", ""), "address": "Here", "postcode": "SE1 9RT"}
    sent |= {"url": "https://www.example.nhs.uk/x", "direction": "up", "frequency": "yearly"}
    for organisation, is_added in [(other, False), (ours, True)]:
        target = getattr(OF[model](organisation, published=True), field_of(model))
        count, logged = model.objects.count(), LogEntry.objects.count()
        data = boxes(client.get(url_of(model, "add"))) | sent
        data |= {"name": "Added", "slug": "added", field_of(model): target.pk}
        response = client.post(url_of(model, "add"), data, follow=True)
        assert model.objects.count() == count + is_added, errors_of(response)
        assert LogEntry.objects.count() == logged + is_added
        assert is_added or "this one would belong to another" in errors_of(response)


@pytest.mark.parametrize("role", ROLES)
def test_whoever_works_for_some_organisations_adds_no_organisation(role: str, ours: Organisation) -> None:
    url, count = url_of(Organisation, "add"), Organisation.objects.count()
    everywhere, client = client_of(person_in(role)), limited(role, ours)
    data = boxes(everywhere.get(url)) | {"name": "New", "slug": "new", "kind": "nhs-trust", "summary": "New."}
    assert client.get(url).status_code == 403
    assert client.post(url, data).status_code == 403
    assert Organisation.objects.count() == count
    everywhere.post(url, data)
    assert Organisation.objects.count() == count + 1


def test_whoever_works_for_an_organisation_changes_its_own_page(ours: Organisation) -> None:
    client, publisher = limited("Author", ours), limited("Publisher", ours)
    client.post(url_of(ours, "act", "start_change"))
    change = Organisation.objects.get(draft_of=ours)
    assert client.get(url_of(change, "change")).status_code == 200
    save(client, url_of(change, "change"), place="Leeds", change_note="It has moved.")
    client.post(url_of(change, "act", "submit"))
    publisher.post(url_of(change, "act", "publish"))
    ours.refresh_from_db()
    assert ours.place == "Leeds"


def test_nobody_works_on_a_change_that_would_move_the_record_to_them(
    ours: Organisation, other: Organisation, boss: User
) -> None:
    for mine, target in [(ours, other), (other, ours)]:
        site = SiteFactory(organisation=mine, published=True)
        change = workflow.start_change(site, by=boss)
        Site.objects.filter(pk=change.pk).update(organisation=target, is_small_correction=True)
        change.refresh_from_db()
        assert done_to(limited("Publisher", ours), change, boss) <= {"confirm in the list"}


# Figures


def figures_of(metric: OutcomeMetric) -> dict[str, Observation | Correction]:
    """A figure that waits, one that is approved, and two corrections: one that waits, one that was approved."""
    facts = {"metric": metric, "note": "Secret note"}
    of_approved = CorrectionFactory(observation=ObservationFactory(**facts), note="Secret note", reason="Secret reason")
    figures.approve([of_approved], by=UserFactory(superuser=True))
    return {
        "waits": ObservationFactory(entered=True, **facts),
        "approved": of_approved.observation,
        "correction": CorrectionFactory(observation=ObservationFactory(**facts), reason="Secret reason"),
        "replaced": of_approved,
    }


@pytest.mark.parametrize("stage", [{}, {"in_review": True}, {"published": True}, {"withdrawn": True}])
@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_or_touches_figures_outside_their_limits(
    role: str, stage: dict[str, bool], ours: Organisation, other: Organisation
) -> None:
    metric = OutcomeMetricFactory(lead=other, **stage)
    foreign, own = figures_of(metric), figures_of(OutcomeMetricFactory(lead=ours))
    boss, client = client_of(UserFactory(superuser=True)), limited(role, ours)
    typed = {"period_start": "2024", "period_end": "2024", "value": "12", "reason": "Forged."}
    before = [rows(model) for model in (Observation, Correction, OutcomeMetric, Act)]

    add = url_of(Observation, "add")
    sent = boxes(client.get(add)) | typed
    assert "Select a valid choice" in errors_of(client.post(add, sent | {"metric": metric.pk}))
    assert boxes(client.get(f"{add}?metric={metric.pk}"))["metric"] == ""
    for figure in foreign.values():
        opened = boxes(boss.get(url_of(figure, "change")))
        shown = boss.get(url_of(figure, "change")).context["as_opened"]
        for page, data in [
            ("change", opened | typed),
            ("delete", {"post": "yes"}),
            ("approve", {"as_opened": shown}),
        ]:
            responses = [client.post(url_of(figure, page), data)]
            responses += [client.get(url_of(figure, page)), client.get(url_of(figure, "history"))]
            for response in responses:
                assert response.status_code in {302, 403, 404, 405}
                assert "Secret" not in response.content.decode()
        for action in ("delete_selected", "approve_chosen"):
            ticked = {"action": action, "_selected_action": [figure.pk], "post": "yes"}
            answer = client.post(url_of(type(figure), "changelist"), ticked, follow=True)
            assert str(metric) not in answer.content.decode()
    correct = f"{url_of(Correction, 'add')}?observation={foreign['approved'].pk}"
    for response in (client.get(correct), client.post(correct, typed)):
        assert response.status_code in {403, 404}
    page = boss.get(url_of(metric, "change")).context["figures"]
    answer = client.post(url_of(metric, "approve_figures"), {"newest": page["newest"]})
    assert answer.status_code == 403
    assert "Secret" not in client.get(url_of(metric, "change"), follow=True).content.decode()
    assert [rows(model) for model in (Observation, Correction, OutcomeMetric, Act)] == before

    for model, seen in [(Observation, ("waits", "approved")), (Correction, ("correction", "replaced"))]:
        for query in ("", "?q=Secret", f"?metric__id__exact={metric.pk}", "?standing=waiting"):
            found = client.get(url_of(model, "changelist") + query).context["cl"].result_list
            assert not {foreign[name] for name in foreign} & set(found)
        found = client.get(url_of(model, "changelist")).context["cl"].result_list
        assert {own[name] for name in seen} <= set(found)
    for figure in own.values():
        assert client.get(url_of(figure, "change")).status_code == 200
    save(client, url_of(own["waits"], "change"), metric=metric.pk, note="Checked.")
    own["waits"].refresh_from_db()
    assert (own["waits"].note, own["waits"].metric.lead) == ("Checked.", ours)


# Forged boxes


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("is_change", [True, False])
def test_boxes_that_the_form_does_not_have_change_nothing(
    role: str, is_change: bool, ours: Organisation, boss: User
) -> None:
    site, third = SiteFactory(organisation=ours, published=is_change), SiteFactory(published=True)
    if is_change:
        site = workflow.start_change(site, by=boss)
    fixed = (
        "state",
        "draft_of_id",
        "text_digest",
        "first_published_at",
        "updated_at",
        "last_reviewed_on",
        "next_review_due_on",
        "withdrawal_reason",
        "see_instead",
    )
    before = {name: getattr(site, name) for name in fixed}
    forged = {
        "state": "published",
        "draft_of": third.pk,
        "draft_of_id": third.pk,
        "id": third.pk,
        "pk": third.pk,
        "edit_number": "77",
        "text_digest": "x" * 64,
        "first_published_at": "2020-01-01 10:00",
        "first_published_at_0": "2020-01-01",
        "first_published_at_1": "10:00",
        "updated_at": "2020-01-01 10:00",
        "last_reviewed_on": "2020-01-01",
        "next_review_due_on": "2099-01-01",
        "withdrawal_reason": "Forged.",
        "see_instead": "/programmes/",
        "is_live": "on",
    }
    colleague = person_in("Author")
    client = client_of(person_in(role))
    save(client, url_of(site, "change"), forged, name="New name", owner=colleague.pk)
    site = Site.objects.get(pk=site.pk)
    assert {name: getattr(site, name) for name in fixed} == before
    assert (site.name, site.owner, site.edit_number) == ("New name", colleague, 1)
    third.refresh_from_db()
    assert third.name != "New name"


def test_a_code_in_a_change_is_not_live_whatever_the_boxes_say_and_may_be_written_anew(
    ours: Organisation, boss: User
) -> None:
    ours.identifiers.create(scheme="ods", value="RJ1")
    change, client = workflow.start_change(ours, by=boss), client_of(person_in("Author"))
    save(client, url_of(change, "change"), {"identifiers-0-DELETE": "on"})
    assert not change.identifiers.exists()
    data = boxes(client.get(url_of(change, "change")))
    for code in ("RJ1", "RJ2"):
        data = add_row(data, "identifiers", scheme="ods", value=code, is_live="on")
    response = client.post(url_of(change, "change"), data, follow=True)
    assert "was changed successfully" in messages_of(response)
    codes = change.identifiers.order_by("value").values_list("value", "is_live")
    assert list(codes) == [("RJ1", False), ("RJ2", False)]
    assert list(ours.identifiers.values_list("value", "is_live")) == [("RJ1", True)]


def test_a_row_of_another_record_is_not_taken_over(boss: User) -> None:
    mine, theirs = ProgrammeFactory(satellite_site=True), ProgrammeFactory(satellite_site=True, published=True)
    before, client = snapshot(theirs), client_of(person_in("Author"))
    data = boxes(client.get(url_of(mine, "change")))
    first, second = (place.pk for place in theirs.places.order_by("pk"))
    for taken in ({"places-0-id": first, "places-0-note": "Taken"}, {"places-1-id": second, "places-1-DELETE": "on"}):
        for opened_at in (data["opened_at"], "77"):
            client.post(url_of(mine, "change"), data | taken | {"opened_at": opened_at})
    client.post(url_of(mine, "change"), data | {"places-0-programme": theirs.pk, "places-0-note": "Taken"})
    assert snapshot(theirs) == before


# What pages beside the lists and forms tell


def test_no_short_cut_tells_the_address_of_a_draft(ours: Organisation, other: Organisation) -> None:
    site = SiteFactory(name="Secret text", slug="secret-text", organisation=other)
    kind = ContentType.objects.get_for_model(Site).pk
    address = reverse("admin:view_on_site", args=[kind, site.pk])
    for client in (limited("Author", ours), client_of(UserFactory(is_staff=True)), client_of(person_in("Publisher"))):
        response = client.get(address)
        assert response.status_code == 404
        assert "secret-text" not in str(response.headers) + response.content.decode()


def deletion_pages(client: StrictClient, record: models.Model) -> list[str]:
    """The page that deletes a record, and the one that deletes what is ticked in the list."""
    ticked = {"action": "delete_selected", "_selected_action": [record.pk]}
    responses = [client.get(url_of(record, "delete")), client.post(url_of(type(record), "changelist"), ticked)]
    assert {response.status_code for response in responses} == {200}
    return [response.content.decode() for response in responses]


def test_a_page_that_deletes_names_ones_own_records_and_no_draft_of_others(
    ours: Organisation, other: Organisation
) -> None:
    programme = ProgrammeFactory(name="Our draft", lead=ours)
    mine = OutcomeMetricFactory(name="Our figures", lead=ours, programme=programme)
    link = f'<a href="{url_of(mine, "change")}">Our figures</a>'
    assert all(link in page for page in deletion_pages(limited("Publisher", ours), programme))
    OutcomeMetricFactory(name="Secret figures", lead=other, programme=programme)
    assert not any("Secret figures" in page for page in deletion_pages(limited("Publisher", ours), programme))
    assert all("Secret figures" in page for page in deletion_pages(client_of(person_in("Publisher")), programme))


def test_a_page_that_deletes_counts_the_rows_of_drafts_of_others(ours: Organisation, other: Organisation) -> None:
    source = SourceFactory(name="Our source", publisher=ours)
    secret, mine = ProgrammeFactory(name="Secret programme", lead=other), ProgrammeFactory(lead=ours)
    public = ProgrammeFactory(lead=other, published=True)
    for programme, text in [
        (secret, "Secret 1"),
        (secret, "Secret 2"),
        (mine, "Our lesson"),
        (public, "Public lesson"),
    ]:
        StatementFactory(programme=programme, kind="lesson", text=text, source=source)
    for page in deletion_pages(limited("Publisher", ours), source):
        assert "Secret" not in page
        assert "2 statements of other organisations" in page
        assert "Statement: Our lesson" in page
        assert "Statement: Public lesson" in page
    for page in deletion_pages(client_of(person_in("Publisher")), source):
        assert "Secret 1" in page
        assert "of other organisations" not in page


def test_a_schedule_for_a_page_of_another_organisation_is_not_told(
    ours: Organisation, other: Organisation, boss: User
) -> None:
    for organisation, is_told in [(ours, True), (other, False)]:
        site = SiteFactory(organisation=organisation, published=True)
        due_at = timezone.now() + TOMORROW
        scheduling.schedule(site, Schedule.What.WITHDRAW, due_at=due_at, by=boss, reason="It closes.")
        response = limited("Author", ours).get(url_of(site, "change"))
        assert bool(response.context["standing"]["schedules"]) is is_told
        assert ("Scheduled by" in response.content.decode()) is is_told


@pytest.mark.parametrize(
    "query", ["open_change__isnull=False", "draft_of__isnull=True", "owner__isnull=True", "places__isnull=False"]
)
def test_no_filter_in_the_address_tells_what_others_prepare(
    ours: Organisation, other: Organisation, boss: User, query: str
) -> None:
    workflow.start_change(SiteFactory(organisation=other, published=True), by=boss)
    address = f"{url_of(Site, 'changelist')}?{query}"
    assert limited("Author", ours).get(address).status_code == 400
    assert client_of(person_in("Author")).get(address).status_code == 200


def test_links_of_a_text_are_not_shown_once_the_page_is_not_for_sharing(
    ours: Organisation, other: Organisation, boss: User
) -> None:
    site = site_at("change", other, boss)
    sharing.share(site, by=boss)
    public = workflow.publish(workflow.submit(site, by=boss), by=UserFactory(superuser=True))
    client = limited("Author", ours)
    for days in ("0", "3"):
        response = client.post(url_of(public, "act", "share"), {"days": days})
        assert response["Location"] == url_of(public, "change")
        assert "boss" not in response.content.decode()


def test_what_cannot_be_saved_names_no_record_that_one_may_not_see(ours: Organisation, other: Organisation) -> None:
    secret = OrganisationFactory(name="Secret organisation")
    site = SiteFactory(organisation=ours)
    client = limited("Author", ours)
    data = boxes(client.get(url_of(site, "change"))) | {"organisation": str(secret.pk)}
    workflow.submit(site, by=UserFactory(superuser=True))
    response = client.post(url_of(site, "change"), data)
    assert response.status_code == 409
    assert "Secret organisation" not in response.content.decode()
    assert boxes_to_copy(response)["Run by"] == str(secret.pk)
    response = client.post(url_of(site, "change"), data | {"organisation": str(other.pk)})
    assert boxes_to_copy(response)["Run by"] == "Other trust"


def test_whoever_never_had_the_right_gets_no_page_about_what_happened(ours: Organisation, other: Organisation) -> None:
    site = SiteFactory(organisation=other, in_review=True)
    typed = {"name": "Typed", "opened_at": "0"}
    for client in (limited("Author", ours), client_of(UserFactory(is_staff=True))):
        response = client.post(url_of(site, "change"), typed)
        assert response.status_code == 403
        assert "Typed" not in response.content.decode()
    nothing = UserFactory(is_staff=True, rights=("view_site",))
    gone = url_of(site, "change").replace(str(site.pk), "999")
    assert client_of(nothing).post(gone, typed).status_code == 403
