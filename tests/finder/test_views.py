"""The rules of a list page."""

import pytest
from django.http import HttpResponse

from partnerships.models import Organisation, Role
from programmes.models import Programme
from tests.factories import (
    AimFactory,
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    PartnershipFactory,
    ProgrammeFactory,
    SiteFactory,
)
from tests.strict_client import StrictClient

pytestmark = pytest.mark.django_db


def names(response: HttpResponse) -> set[str]:
    """What a list shows."""
    return {row.name for row in response.context["object_list"]}


def counts(response: HttpResponse, facet: str) -> dict[str, int]:
    """What a facet offers, with how many records each value leaves."""
    offers = {row["offer"].facet.name: row["offer"] for row in response.context["form"]["offers"]}
    return {value.value: value.count for value in offers[facet].values} if facet in offers else {}


@pytest.fixture
def programmes() -> list[Programme]:
    """Programmes that differ in kind, stage, area, partner."""
    lead, partner = OrganisationFactory.create_batch(2, published=True)
    south, north = AreaFactory(name="South"), AreaFactory(name="North")
    made = []
    for number, (kind, stage, areas) in enumerate(
        [
            ("research", "running", [south]),
            ("research", "finished", [south, north]),
            ("education", "running", [north]),
            ("education", "planned", []),
            ("employment", "running", [south]),
        ]
    ):
        made.append(
            ProgrammeFactory(
                name=f"P{number}", kind=kind, stage=stage, areas=areas, lead=lead, published=True, started_on="2015"
            )
        )
    for programme in made[:2]:
        for role in [Role.DELIVERY, Role.FUNDER]:
            ParticipationFactory(programme=programme, organisation=partner, role=role)
    hidden = ProgrammeFactory(kind="research", areas=[south], lead=lead)
    ParticipationFactory(programme=hidden, organisation=partner)
    ParticipationFactory(programme=made[2], organisation=OrganisationFactory(name="Draft partner"))
    return made


def test_a_list_shows_published_records_only(client: StrictClient) -> None:
    OrganisationFactory(name="Shown Trust", published=True)
    OrganisationFactory(name="Draft Trust")
    OrganisationFactory(name="Waiting Trust", in_review=True)
    OrganisationFactory(name="Gone Trust", withdrawn=True)
    page = client.get("/partners/").content.decode()
    assert "Shown Trust" in page
    assert not any(name in page for name in ["Draft Trust", "Waiting Trust", "Gone Trust"])
    assert "1 partner<" in page


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kind=research",
        "kind=research&kind=education&stage=running",
        "not-kind=research",
        "kind=research&not-area=north",
        "area=south&area=north",
        "active=2016&not-stage=finished",
        "q=sentence",
    ],
)
def test_a_count_says_what_choosing_that_value_alone_leads_to(client: StrictClient, programmes, query) -> None:
    first = client.get(f"/programmes/?{query}", follow=True)
    facets = [row["offer"].facet for row in first.context["form"]["offers"]]
    checked = 0
    for facet in facets:
        kept = first.context["view"].question.but(facet.name, facet.not_name)
        for value, count in counts(first, facet.name).items():
            there = client.get(kept.with_value(facet.name, value).address("/programmes/"))
            assert there.context["total"] == count, (query, facet.name, value)
            checked += 1
    assert checked > 8


def test_several_values_of_a_facet_widen_and_several_facets_narrow(client: StrictClient, programmes) -> None:
    assert names(client.get("/programmes/?kind=education&kind=research")) == {"P0", "P1", "P2", "P3"}
    assert names(client.get("/programmes/?kind=education&kind=research&stage=running")) == {"P0", "P2"}
    assert names(client.get("/programmes/?area=north&area=south")) == {"P0", "P1", "P2", "P4"}
    assert names(client.get("/programmes/?kind=research&area=north")) == {"P1"}


@pytest.mark.parametrize("pair", ["kind=research", "stage=running", "area=south", "year=2015", "partner"])
def test_what_is_chosen_and_what_is_left_out_are_all_there_is(client: StrictClient, programmes, pair: str) -> None:
    if pair == "partner":
        pair = f"partner={programmes[0].participations.first().organisation.slug}"
    chosen, rest = names(client.get(f"/programmes/?{pair}")), names(client.get(f"/programmes/?not-{pair}"))
    assert chosen
    assert not chosen & rest
    assert chosen | rest == {"P0", "P1", "P2", "P3", "P4"}


def test_a_record_counts_once_however_often_it_leads_there(client: StrictClient, programmes) -> None:
    partner = programmes[0].participations.first().organisation
    response = client.get("/programmes/")
    assert counts(response, "partner") == {programmes[0].lead.slug: 5, partner.slug: 2}
    assert "Draft partner" not in response.content.decode()


def test_a_value_that_leaves_nothing_is_still_shown_as_chosen(client: StrictClient) -> None:
    OrganisationFactory(published=True)
    response = client.get("/partners/?kind=charity")
    assert counts(response, "kind") == {"nhs-trust": 1, "charity": 0}
    assert "Nothing in this list fits all of this." in response.content.decode()
    assert "Nothing has been published here yet." in client.get("/sites/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/partners/?kind=bakery",
        "/partners/?not-kind=bakery",
        "/partners/?country=XX",
        "/partners/?sort=colour",
        "/partners/?size=51",
        "/partners/?page=99",
        "/partners/?page=x",
        "/partners/?more=kind",
        "/partners/?more=nothing",
        "/sources/?year=12",
        "/programmes/?partner=nobody",
        "/programmes/?more=partner&page=0",
        "/programmes/?more=partner&page=99",
        "/programmes/?more=partner&page=%C2%B2",
        "/partnerships/?aim=a%20b",
        "/partners.csv?kind=bakery",
    ],
)
def test_an_unknown_value_in_the_address_is_not_found(client: StrictClient, address: str) -> None:
    OrganisationFactory(published=True)
    assert client.get(address, follow=True).status_code == 404


@pytest.mark.parametrize("ending", ["/", ".csv", ".json", ".atom"])
def test_too_much_is_refused_in_plain_words(client: StrictClient, ending: str) -> None:
    many = "&".join(f"kind=k{n}" for n in range(21))
    for query in [many, "q=" + "a" * 10_001]:
        response = client.get(f"/partners{ending}?{query}")
        assert response.status_code == 400
        assert "asks for too much" in response.content.decode()


def test_a_form_with_empty_fields_leads_to_the_one_address(client: StrictClient) -> None:
    response = client.get("/programmes/?q=&kind=research&not-kind=&active=May+2016&as-at=&sort=")
    assert response.status_code == 302
    assert response["Location"] == "/programmes/?kind=research&active=2016-05"
    assert client.get("/programmes/?kind=research&active=2016-05").status_code == 200
    assert client.get("/programmes/?kind=research&active=2016%2D05").status_code == 200  # no end of spellings


def test_a_date_that_cannot_be_read_is_an_error_at_its_field_and_loses_nothing_else(client, programmes) -> None:
    response = client.get("/programmes/?kind=research&active=yesterday")
    page = response.content.decode()
    assert response.status_code == 400
    assert names(response) == {"P0", "P1"}
    assert 'href="#active"' in page
    assert 'value="yesterday"' in page
    assert "“yesterday” is not a date" in page
    assert client.get("/programmes.csv?active=yesterday").status_code == 400
    turned = client.get("/programmes/?active-from=2018&active-to=2017")
    assert turned.status_code == 400
    assert "The end is before the beginning." in turned.content.decode()


def test_long_words_are_an_error_at_their_field(client: StrictClient, programmes) -> None:
    response = client.get("/programmes/?q=" + "a" * 201)
    assert response.status_code == 400
    assert response.context["total"] == 5


@pytest.mark.parametrize("words", ["é", "‮x", "a OR b", "100%", "*a*"])
def test_any_words_are_answered(client: StrictClient, programmes, words: str) -> None:
    assert client.get("/programmes/", {"q": words}).status_code == 200


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "\\", "*", "(", "😀", "--"])
def test_what_has_no_word_is_an_error_at_its_field(client: StrictClient, programmes, words: str) -> None:
    response = client.get("/programmes/", {"q": words})
    assert response.status_code == 400
    assert response.context["total"] == 5
    assert "There is no word to look for in this." in response.content.decode()
    assert client.get("/programmes.csv", {"q": words}).status_code == 400


def test_where_a_list_has_nothing_the_search_is_offered(client: StrictClient, programmes) -> None:
    page = client.get("/programmes/", {"q": "walrus & co"}).content.decode()
    assert 'href="/search/?q=walrus%20%26%20co"' in page


def test_what_is_not_known_is_a_value_like_any_other(client: StrictClient, programmes) -> None:
    ProgrammeFactory(name="Undated", lead=programmes[0].lead, started_on=None, published=True)
    offer = next(
        row["offer"]
        for row in client.get("/programmes/").context["form"]["offers"]
        if row["offer"].facet.name == "year"
    )
    assert [(value.label, value.count) for value in offer.values] == [("2015", 5), ("Not known", 1)]
    assert names(client.get("/programmes/?year=not-known")) == {"Undated"}
    assert names(client.get("/programmes/?not-year=not-known")) == {"P0", "P1", "P2", "P3", "P4"}
    assert "Year it began: <strong>Not known</strong>" in client.get("/programmes/?year=not-known").content.decode()


@pytest.mark.parametrize(
    ("date", "words"), [("2016", "in 2016"), ("2016-05", "in May 2016"), ("2016-05-02", "on 2 May 2016")]
)
def test_a_date_is_told_as_wide_as_it_is(client: StrictClient, programmes, date: str, words: str) -> None:
    for name in ("active", "as-at"):
        assert f"<strong>{words}</strong>" in client.get(f"/programmes/?{name}={date}").content.decode()


def test_all_words_must_be_in_the_name_or_the_summary(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    ProgrammeFactory(name="Heart failure", summary="Care at home.", lead=lead, published=True)
    ProgrammeFactory(name="Heart rhythm", summary="Care in hospital.", lead=lead, published=True)
    assert names(client.get("/programmes/?q=home+heart")) == {"Heart failure"}
    assert names(client.get("/programmes/?q=kidney")) == set()


def test_each_chip_takes_away_just_what_it_says(client: StrictClient, programmes) -> None:
    response = client.get(
        "/programmes/?q=p&kind=education&kind=research&not-stage=planned&active=2016&sort=name&page=1", follow=True
    )
    chips = response.context["chips"]
    assert [(str(chip.label), chip.words) for chip in chips] == [
        ("Words", "“p”"),
        ("Kind of programme", "Education and training"),
        ("Kind of programme", "Research"),
        ("Stage", "not Planned"),
        ("Running", "in 2016"),
    ]
    assert chips[1].address == "/programmes/?q=p&kind=research&not-stage=planned&active=2016&sort=name"
    assert chips[4].address == "/programmes/?q=p&kind=education&kind=research&not-stage=planned&sort=name"
    assert response.context["clear"] == "/programmes/?sort=name"


def test_a_list_can_be_narrowed_to_one_partner(client: StrictClient) -> None:
    partner = OrganisationFactory(published=True)
    mine = PartnershipFactory(published=True)
    MembershipFactory(partnership=mine, organisation=partner)
    PartnershipFactory(published=True)
    response = client.get(f"/partnerships/?partner={partner.slug}")
    assert list(response.context["object_list"]) == [mine]
    assert partner.name in response.content.decode()


def test_addresses_on_other_pages_go_on_working(client: StrictClient) -> None:
    aim = AimFactory(published=True, priority__published=True, priority__strategy__published=True)
    partnership = PartnershipFactory(published=True)
    of_site = ProgrammeFactory(satellite_site=True, published=True, aims=[aim], partnership=partnership)
    ProgrammeFactory(published=True)
    site = of_site.places.first().site
    host = of_site.satellite_site.host_site
    for query in [f"aim={aim.slug}", f"partnership={partnership.slug}", f"site={site.slug}", f"site={host.slug}"]:
        assert names(client.get(f"/programmes/?{query}")) == {of_site.name}


@pytest.mark.parametrize("name", ["partner", "not-partner", "lead"])
def test_a_draft_cannot_be_guessed_by_narrowing(client: StrictClient, name: str) -> None:
    assert client.get(f"/programmes/?{name}={OrganisationFactory().slug}").status_code == 404


def test_pages_keep_the_choice(client: StrictClient) -> None:
    ProgrammeFactory.create_batch(26, published=True, lead=OrganisationFactory(published=True))
    page = client.get("/programmes/?kind=research&size=25").content.decode()
    assert "?kind=research&amp;size=25&amp;page=2#found" in page
    assert "page 1 of 2" in page
    assert len(client.get("/programmes/?kind=research&size=25&page=2").context["object_list"]) == 1


def test_a_facet_with_very_many_values_offers_the_most_frequent_and_leads_on(client: StrictClient) -> None:
    partners = OrganisationFactory.create_batch(12, published=True)
    for partner in partners:
        SiteFactory(organisation=partner, published=True)
    SiteFactory(organisation=partners[11], published=True)
    SiteFactory(organisation=OrganisationFactory(name="Draft partner"), published=True)
    response = client.get("/sites/")
    offered = counts(response, "partner")
    assert len(offered) == 10
    assert next(iter(offered)) == partners[11].slug
    assert "/sites/?more=partner" in response.content.decode()

    more = client.get("/sites/?kind=hospital&more=partner")
    shown = {value.value: (value.count, *addresses) for value, *addresses in more.context["values"]}
    assert len(shown) == 12
    last = partners[11].slug
    assert shown[last] == (
        2,
        f"/sites/?kind=hospital&partner={last}",
        f"/sites/?kind=hospital&not-partner={last}",
    )
    assert more.content.decode().count("leave out") == 12
    without = client.get(f"/sites/?kind=hospital&not-partner={last}&more=partner").content.decode()
    assert without.count("portal-values__without") == 11
    named = client.get("/sites/", {"more": "partner", "named": partners[3].name})
    assert partners[3].slug in {value.value for value, *_addresses in named.context["values"]}
    assert len(named.context["values"]) < 12
    none = client.get("/sites/?more=partner&named=xyzzy")
    assert "There is none of that name in this list." in none.content.decode()

    chosen = client.get(f"/sites/?partner={partners[0].slug}")
    assert next(iter(counts(chosen, "partner"))) == partners[0].slug
    assert len(counts(chosen, "partner")) == 11


def test_search_engines_keep_the_plain_list_and_follow_the_rest(client: StrictClient, programmes) -> None:
    plain, narrowed = (client.get(f"/programmes/{query}").content.decode() for query in ["", "?kind=research"])
    assert '<link rel="canonical" href="http://127.0.0.1:8000/programmes/">' in plain
    assert "noindex" not in plain
    assert '<meta name="robots" content="noindex, follow">' in narrowed
    assert 'rel="canonical"' not in narrowed


def test_the_title_says_how_many(client: StrictClient, programmes) -> None:
    assert "<title>Programmes: 2 programmes – " in client.get("/programmes/?kind=research").content.decode()


def test_a_country_that_is_not_known_can_be_chosen(client: StrictClient) -> None:
    OrganisationFactory(name="Here", country="GB", published=True)
    OrganisationFactory(name="Somewhere", country="", published=True)
    assert names(client.get("/partners/?country=not-known")) == {"Somewhere"}
    assert counts(client.get("/partners/"), "country") == {"GB": 1, "not-known": 1}


def test_orders(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    for name, kind, began in [("B", "research", "2016"), ("A", "research", None), ("C", "buddying", "2016-05")]:
        traits = {"buddying": True, "ended_on": None, "stage": "running"} if kind == "buddying" else {"kind": kind}
        ProgrammeFactory(name=name, started_on=began, lead=lead, published=True, **traits)
    orders = {
        sort: [row.name for row in client.get(f"/programmes/{query}").context["object_list"]]
        for sort, query in [("kind", ""), ("name", "?sort=name"), ("began", "?sort=began")]
    }
    assert orders == {"kind": ["C", "A", "B"], "name": ["A", "B", "C"], "began": ["C", "B", "A"]}


def test_closed_partners_can_be_left_out(client: StrictClient) -> None:
    OrganisationFactory(name="Gone", closed=True, published=True)
    OrganisationFactory(name="There", published=True)
    assert "Gone" not in names(client.get("/partners/?not-standing=closed"))
    assert names(client.get("/partners/?standing=closed")) == {"Gone"}
    assert Organisation.objects.get(name="Gone").is_closed


@pytest.mark.parametrize("ending", ["/", ".csv", ".json", ".atom"])
def test_an_address_with_a_record_under_a_former_name_leads_to_the_present_one(client: StrictClient, ending) -> None:
    old, other = OrganisationFactory(name="Old", slug="old", published=True), OrganisationFactory(published=True)
    ProgrammeFactory(name="P", lead=old, published=True)
    old.slug = "new"
    old.save()
    for name in ("lead", "not-lead"):
        asked = f"/programmes{ending}?kind=research&{name}=old&{name}={other.slug}"
        response = client.get(asked)
        assert response.status_code == 301
        assert sorted(response["Location"].split("?")[1].split("&")) == sorted(
            ["kind=research", f"{name}=new", f"{name}={other.slug}"]
        )
        assert client.get(response["Location"]).status_code == 200
    assert client.get(f"/programmes{ending}?lead=old&lead=nobody").status_code == 404


def test_an_address_with_a_record_that_was_withdrawn_is_not_found(client: StrictClient) -> None:
    gone = OrganisationFactory(slug="old", published=True)
    gone.slug = "new"
    gone.save()
    type(gone).objects.filter(pk=gone.pk).update(state="withdrawn", withdrawal_reason="It ended.")
    assert client.get("/programmes/?lead=old").status_code == 404
