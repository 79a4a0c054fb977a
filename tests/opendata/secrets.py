"""A portal with things that nobody may learn from any format, each marked; and where the public may read the rest.

told = hidden_things()      # a portal, made anew in the test's transaction
nothing_leaks(text, "…")    # of whatever a format answers
"""

import datetime
import json
from dataclasses import dataclass

from django.utils import timezone

from partnerships.models import Organisation, Partnership, Site
from programmes.models import OutcomeMetric, Programme
from tests.factories import (
    AgreementFactory,
    AimFactory,
    AreaFactory,
    BoardMemberFactory,
    ConfirmationFactory,
    CorrectionFactory,
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    PlaceFactory,
    PriorityFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
    StatementFactory,
    StrategyFactory,
    SuccessionFactory,
    UserFactory,
)
from tests.factories.accounts import somebody_who_publishes
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Schedule

MARK = "Hushhush"  # in every text that nobody may read
SUPPRESSED, LEFT_OUT, WAITING, EARLIER = "3.0303", "70707.07", "98765.4321", "61616.16"  # figures, likewise
PERSON = "hushhush.person@example.nhs.uk"
SHOWN = "Plainly public"  # in the name of every record that all may read


@dataclass(frozen=True)
class Portal:
    """What is there: one public record of each kind, and a draft and a withdrawn record that have addresses."""

    partner: Organisation
    partnership: Partnership
    site: Site
    programme: Programme
    metric: OutcomeMetric
    draft: Programme
    withdrawn: Programme


def nothing_leaks(text: str | bytes, where: str) -> None:
    """Fail if an answer tells what nobody may learn."""
    text = text.decode() if isinstance(text, bytes) else text
    lowered = text.lower()
    for mark in (MARK, PERSON, *_written(SUPPRESSED), *_written(LEFT_OUT), *_written(WAITING), *_written(EARLIER)):
        assert mark.lower() not in lowered, f"{where} tells {mark!r}"


def _written(number: str) -> list[str]:
    """A number as formats may write it: 98765.4321, 98,765.4321."""
    return [number, f"{float(number):,}"]


def hidden_things() -> Portal:
    """Make the portal: ordinary public records, round which there is everything that is not public."""
    keeper = UserFactory(username=PERSON, email=PERSON, first_name=MARK, last_name=MARK)
    draft_partner = OrganisationFactory(name=f"{MARK} draft trust", short_name=MARK)
    draft_source = SourceFactory(name=f"{MARK} draft source", publisher=draft_partner)
    draft_site = SiteFactory(name=f"{MARK} draft site", organisation=draft_partner)
    partner = OrganisationFactory(name=f"{SHOWN} trust", parent=draft_partner, published=True, owner=keeper)
    OrganisationNameFactory(organisation=draft_partner, name=f"{MARK} former name")
    SuccessionFactory(organisation=draft_partner, successor=partner, note=MARK)
    area = AreaFactory(name="Southwark")
    aim = AimFactory(name=f"{SHOWN} aim", published=True)
    draft_aim = AimFactory(name=f"{MARK} draft aim", priority=aim.priority)
    AimFactory(
        name=f"{MARK} aim of a draft",
        priority=PriorityFactory(name=f"{MARK} draft priority", strategy=StrategyFactory(name=f"{MARK} strategy")),
    )
    site = SiteFactory(name=f"{SHOWN} site", organisation=draft_partner, area=area, published=True, owner=keeper)

    partnership = PartnershipFactory(
        name=f"{SHOWN} partnership",
        lead=partner,
        part_of=PartnershipFactory(name=f"{MARK} draft partnership", lead=partner),
        areas=[area],
        aims=[aim, draft_aim],
        owner=keeper,
    )
    partnership.sources.add(draft_source)
    MembershipFactory(partnership=partnership, organisation=draft_partner, note=MARK)
    MembershipFactory(partnership=partnership, organisation=OrganisationFactory(published=True), source=draft_source)
    AgreementFactory(partnership=partnership, document=draft_source, source=draft_source)
    _publish(partnership)

    programme = ProgrammeFactory(
        name=f"{SHOWN} programme",
        satellite_site=True,
        facts__host_site=draft_site,
        facts__host_site__published=False,
        its_places=None,
        lead=partner,
        partnership=partnership,
        areas=[area],
        aims=[aim, draft_aim],
        owner=keeper,
    )
    draft = ProgrammeFactory(name=f"{MARK} draft programme", slug="hushhush-draft", lead=partner)
    programme.builds_on.add(draft)
    ParticipationFactory(programme=programme, organisation=draft_partner, note=MARK)
    PlaceFactory(programme=programme, site=draft_site, note=MARK)
    PlaceFactory(programme=programme, site=site)
    StatementFactory(programme=programme, endorsement=True, organisation=draft_partner, source=draft_source)
    _publish(programme)
    ProgrammeFactory(name=f"{MARK} programme in review", lead=partner, in_review=True)
    BoardMemberFactory(programme=draft, organisation=partner, note=MARK)
    ParticipationFactory(programme=draft, organisation=partner, note=MARK)
    StatementFactory(programme=draft, text=MARK)

    withdrawn = ProgrammeFactory(name=f"{MARK} withdrawn programme", slug="gone", lead=partner, withdrawn=True)
    ParticipationFactory(programme=withdrawn, organisation=partner, note=MARK)
    StatementFactory(programme=withdrawn, text=MARK)

    metric = _figures(partner, programme, draft_source)
    hidden = OutcomeMetricFactory(name=f"{MARK} draft outcome", lead=partner, programme=programme)
    ObservationFactory(metric=hidden, value=WAITING, note=MARK)

    _changes(partner, programme)
    ConfirmationFactory(record=programme, organisation=partner, email=PERSON, message=MARK)
    return Portal(partner, partnership, site, programme, metric, draft, withdrawn)


def _figures(lead: Organisation, programme: Programme, draft_source: object) -> OutcomeMetric:
    """A public outcome: a figure that is small, one that would give it away, one that waits, one that was corrected."""
    metric = OutcomeMetricFactory(
        name=f"{SHOWN} outcome", lead=lead, programme=programme, fewest_shown=5, frequency="quarterly", published=True
    )
    quarters = [
        ("2020-01", "2020-03", SUPPRESSED),
        ("2020-04", "2020-06", "40000"),
        ("2020-07", "2020-12", "30704.0397"),
    ]
    for start, end, value in quarters:
        ObservationFactory(metric=metric, period_start=start, period_end=end, value=value, source=draft_source)
    ObservationFactory(metric=metric, period_start="2020", period_end="2020", value=LEFT_OUT)
    ObservationFactory(metric=metric, period_start="2021", period_end="2021", value=WAITING, note=MARK, entered=True)
    corrected = ObservationFactory(metric=metric, period_start="2019", period_end="2019", value="50000")
    now = timezone.now()
    CorrectionFactory(observation=corrected, value=EARLIER, reason="Counted twice.", replaced_at=now, approved_at=now)
    CorrectionFactory(observation=corrected, value=WAITING, reason=MARK)
    metric.refresh_figures()
    return metric


def _changes(partner: Organisation, programme: Programme) -> None:
    """An open change that is scheduled to be published, and one that is being written."""
    by = somebody_who_publishes()
    for record in (partner, programme):
        change = workflow.start_change(record, by=by)
        change.name, change.summary, change.change_note = f"{MARK} new name", f"{MARK} new summary", MARK
        change.slug = f"hushhush-{record.slug}"
        change.save()
    workflow.submit(change, by=by)
    in_a_month = timezone.now() + datetime.timedelta(days=30)
    scheduling.schedule(change, Schedule.What.PUBLISH, due_at=in_a_month, by=UserFactory(superuser=True))


def _publish(record: object) -> None:
    workflow.publish(record, by=somebody_who_publishes())
    record.refresh_from_db()


def as_text(data: object) -> str:
    """What was read from JSON as text again, for `nothing_leaks`."""
    return json.dumps(data, ensure_ascii=False)
