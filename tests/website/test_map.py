"""The map: what it shows, that its lists say the same, that it shows nothing that is not public."""

import json
import re
from urllib.parse import urlsplit

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from partnerships.maps import MOST_READ, level_of, lie_of_areas, steps_of
from partnerships.models import Area, Site
from programmes.models import Programme
from tests import made_up
from tests.factories import (
    AreaFactory,
    OrganisationFactory,
    PartnershipFactory,
    PlaceFactory,
    PostcodeDistrictFactory,
    ProgrammeFactory,
    SiteFactory,
)
from trustportal.maps import ATTRIBUTION
from trustportal.maps.england import england

pytestmark = pytest.mark.django_db

GUYS, ST_THOMAS, LEEDS = ("51.503300", "-0.087000"), ("51.498900", "-0.118800"), ("53.806700", "-1.520000")


@pytest.fixture
def southwark() -> Area:
    return AreaFactory(name="Southwark", code="E09000028")


@pytest.fixture
def leeds() -> Area:
    return AreaFactory(name="Leeds", code="E08000035")


def site(name: str, area: Area | None, position: tuple[str, str] = GUYS, **values: object) -> Site:
    return SiteFactory(
        name=name, area=area, latitude=position[0], longitude=position[1], **{"published": True, **values}
    )


def programme(name: str, *areas: Area, **values: object) -> Programme:
    return ProgrammeFactory(name=name, areas=list(areas), **{"published": True, **values})


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def links_in_picture(response) -> dict[str, str]:
    """Of the wide drawing what each link says, and where it leads."""
    svg = re.search(r"<svg[^>]*portal-map__drawing.*?</svg>", response.content.decode(), re.S)[0]
    svg = svg[: svg.index('class="portal-map__narrow"')] if 'class="portal-map__narrow"' in svg else svg
    return {label: href for href, label in re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', svg)}


# What each window shows


def test_england_shows_regions_sites_and_a_sentence(client, southwark, leeds):
    site("Guy's Hospital", southwark)
    site("St James's", leeds, LEEDS)
    programme("Dialysis", southwark)
    programme("Jobs", southwark, leeds)

    response = client.get("/map/")

    words = text(response)
    assert "2 sites in 2 districts. Programmes serve 2 districts, most in Southwark (2)." in words
    links = links_in_picture(response)
    assert links["London: 2 programmes"] == "/map/london/"
    assert links["Yorkshire and the Humber: 1 programme"] == "/map/yorkshire-and-the-humber/"
    assert links["North East"] == "/map/north-east/"
    assert links["Guy&#x27;s Hospital"] == "/sites/guys-hospital/"
    assert ATTRIBUTION in words


def test_a_region_shows_its_districts_and_a_table_with_the_same_numbers(client, southwark, leeds):
    site("Guy's Hospital", southwark)
    programme("Dialysis", southwark)
    programme("Jobs", leeds)

    response = client.get("/map/london/")

    links = links_in_picture(response)
    assert links["Southwark: 1 programme"] == "/map/southwark/"
    assert links["Lambeth"] == "/map/lambeth/"
    assert "Leeds" not in text(response)
    rows = {row.name: (row.number, row.sites) for row in response.context["map"].districts}
    assert rows["Southwark"] == (1, 1)
    assert len(rows) == 33


def test_a_district_lists_the_programmes_that_serve_it_and_its_sites(client, southwark, leeds):
    site("Guy's Hospital", southwark)
    site("St James's", leeds, LEEDS)
    programme("Dialysis", southwark)
    programme("Jobs", leeds)

    response = client.get("/map/southwark/")

    words = text(response)
    assert "1 site in Southwark, and 1 programme that serves it." in words
    assert "Dialysis" in words
    assert "Jobs" not in words.partition("Programmes that serve Southwark")[2]
    assert [s.name for s in response.context["site_page"]] == ["Guy's Hospital"]

    programme("Care at home", southwark)
    assert "1 site in Southwark, and 2 programmes that serve it." in text(client.get("/map/southwark/"))


def test_around_a_site_its_neighbours_are_shown(client, southwark):
    site("Guy's Hospital", southwark)
    site("St Thomas' Hospital", southwark, ST_THOMAS)

    response = client.get("/map/sites/guys-hospital/")

    assert {"Guy&#x27;s Hospital", "St Thomas&#x27; Hospital"} <= set(links_in_picture(response))


def test_the_address_by_ons_code_leads_to_that_by_name(client):
    assert client.get("/map/E09000028/")["Location"] == "/map/southwark/"
    assert client.get("/map/e09000028/")["Location"] == "/map/southwark/"


@pytest.mark.parametrize(
    "address",
    [
        "/map/nowhere/",
        "/map/E09999999/",
        "/map/sites/nowhere/",
        "/map/?programme=nothing",
        "/map/?programme=%22%3E%3Cscript",
        "/map/?partner=nobody",
        "/map/?kind=nonsense",
        "/map/?show=nonsense",
        "/map.svg?place=nowhere",
        "/map.geojson?place=nowhere",
    ],
)
def test_what_is_not_there_is_answered_with_404(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("position", [(None, None), ("51.481600", "-3.179100"), ("31.950000", "35.930000")])
def test_around_a_site_without_a_place_on_the_map_there_is_no_map(client, position):
    site("Elsewhere", None, position)

    assert client.get("/map/sites/elsewhere/").status_code == 404
    assert client.get("/sites/elsewhere/").status_code == 200


@pytest.mark.parametrize("typed", ["x" * 10_000, "‮abc", "💉", "' OR 1=1 --", "%", "(((", "SE1 9R", " "])
def test_any_text_for_a_place_is_answered(client, typed):
    assert client.get("/map/", {"from": typed, "page": typed}, follow=True).status_code == 200


# Two sites at one place


def test_sites_that_fall_together_are_one_marker_with_a_number_that_opens_step_by_step(client, southwark):
    site("Queen Mary's", southwark)
    site("Dialysis unit", southwark, kind=Site.Kind.UNIT)

    seen, address = [], "/map/"
    for _step in range(5):
        label, href = next(
            (label, href)
            for label, href in links_in_picture(client.get(address)).items()
            if label.startswith("2 sites")
        )
        seen.append(href)
        assert "Queen Mary&#x27;s" in label
        assert "Dialysis unit" in label
        if href.startswith("#"):
            break
        address = href

    assert seen == ["/map/london/", "/map/southwark/", "/map/sites/queen-marys/", "#together"]
    page = client.get("/map/sites/queen-marys/").content.decode().partition('id="together"')[2]
    assert '<a href="/sites/queen-marys/">' in page
    assert '<a href="/sites/dialysis-unit/">' in page


def test_a_hospital_stands_before_a_unit_that_is_at_the_same_place(client, southwark):
    site("A unit", southwark, kind=Site.Kind.UNIT)
    site("The hospital", southwark)

    assert any(label.startswith("2 sites: The hospital, A unit") for label in links_in_picture(client.get("/map/")))


# Areas of all kinds


def test_an_area_that_is_no_district_lies_in_the_districts_below_it_or_else_in_the_nearest_above(southwark, leeds):
    neighbourhood = AreaFactory(name="North Southwark", code="", kind=Area.Kind.NEIGHBOURHOOD, parent=southwark)
    system = AreaFactory(name="A system", code="", kind=Area.Kind.SYSTEM)
    county = AreaFactory(name="A county", code="", kind=Area.Kind.COUNTY, parent=system)
    Area.objects.filter(pk=leeds.pk).update(parent=county)
    bradford = AreaFactory(name="Bradford", code="E08000032", parent=county)
    lost = AreaFactory(name="Made up", code="E07999999")
    country = AreaFactory(name="Malta", code="", kind=Area.Kind.COUNTRY)

    lie = lie_of_areas()

    assert lie.codes[neighbourhood.pk] == {"E09000028"}
    assert lie.codes[county.pk] == lie.codes[system.pk] == {"E08000035", "E08000032"}
    assert lie.codes[bradford.pk] == {"E08000032"}
    assert lost.pk not in lie.codes
    assert lie.not_drawn([lost.pk, country.pk]) == [lost]
    assert lie.abroad == {"Malta": country.pk}
    assert lie.drawn_as([southwark.pk, neighbourhood.pk, county.pk]) == [
        ("A county", ["Bradford", "Leeds"]),
        ("North Southwark", ["Southwark"]),
    ]


def test_areas_that_lie_in_each_other_end_no_request(client):
    first = AreaFactory(name="First", code="", kind=Area.Kind.COUNTY)
    second = AreaFactory(name="Second", code="", kind=Area.Kind.COUNTY, parent=first)
    Area.objects.filter(pk=first.pk).update(parent=second)
    programme("Somewhere", first)

    assert "Not on the map, which has the districts of 2013: First." in text(client.get("/map/"))


def test_a_programme_counts_once_a_district_however_many_of_its_areas_it_names(client, southwark):
    north = AreaFactory(name="North Southwark", code="", kind=Area.Kind.NEIGHBOURHOOD, parent=southwark)
    programme("Both", southwark, north)
    programme("One", north)

    page = client.get("/map/london/").context["map"]

    assert page.numbers["E09000028"] == 2
    assert page.numbers["london"] == 2


@pytest.mark.parametrize(
    ("numbers", "steps"),
    [([], [1]), ([1], [1]), ([2, 1], [1, 2]), ([3, 1], [1, 2, 3]), ([5], [1, 2, 4]), ([1000], [1, 11, 101])],
)
def test_shades_follow_the_largest_number(numbers, steps):
    assert steps_of(numbers) == steps
    assert level_of(0, steps) == 0
    assert level_of(max(numbers, default=1), steps) == len(steps)


# Narrowing


def test_the_map_is_narrowed_by_programme_partner_and_kind_and_links_keep_that(client, southwark, leeds):
    trust, other = OrganisationFactory(name="Trust A", published=True), OrganisationFactory(name="B", published=True)
    guys = site("Guy's Hospital", southwark, organisation=trust)
    site("St James's", leeds, LEEDS, organisation=other)
    dialysis = programme("Dialysis", southwark, lead=trust, kind=Programme.Kind.INTEGRATED_CARE)
    PlaceFactory(programme=dialysis, site=guys)
    programme("Jobs", leeds, lead=other)

    for query in ["programme=dialysis", "partner=trust-a", "kind=integrated-care"]:
        response = client.get(f"/map/?{query}")
        links = links_in_picture(response)
        assert links["London: 1 programme"] == f"/map/london/?{query}"
        assert links["Yorkshire and the Humber"] == f"/map/yorkshire-and-the-humber/?{query}"
        assert [s.name for s in response.context["site_page"]] == ["Guy's Hospital"]
        assert "1 site in 1 district. Programmes serve 1 district: Southwark (1)." in text(response)


def test_where_a_choice_is_too_long_the_others_are_found_in_the_whole_list(client, monkeypatch):
    def partners(query: str = "") -> str:
        html = client.get(f"/map/{query}").content.decode()
        return html[html.index('for="narrow-partner"') : html.index('name="show"')]

    monkeypatch.setattr("trustportal.website.map_views.MOST_CHOICES", 2)
    for name in ["A", "B"]:
        OrganisationFactory(name=f"Trust {name}", published=True)
    assert 'href="/partners/"' not in partners()

    OrganisationFactory(name="Trust C", published=True)
    assert 'href="/partners/"' in partners()
    assert 'value="trust-c"' not in partners()
    assert '<option value="trust-c" selected>' in partners("?partner=trust-c")


def test_districts_can_be_shaded_by_partnerships(client, southwark):
    PartnershipFactory(name="Together", published=True).areas.set([southwark])
    programme("Dialysis", southwark)

    response = client.get("/map/southwark/?show=partnerships")

    assert "1 partnership that serves it" in text(response)
    assert "Together" in text(response)


# Distances


def test_sites_are_listed_by_distance_from_a_place(client, southwark, leeds):
    site("St James's", leeds, LEEDS, postcode="LS9 7TF")
    site("Guy's Hospital", southwark)
    site("Nowhere", southwark, (None, None))
    site("St Thomas' Hospital", southwark, ST_THOMAS, postcode="SE1 7EH")

    rows = client.get("/map/?from=st-thomas-hospital").context["site_page"].object_list

    assert [(s.name, s.away) for s in rows] == [
        ("St Thomas' Hospital", "here"),
        ("Guy's Hospital", "1.4 miles (2.3 km)"),
        ("St James's", "170 miles (273 km)"),
        ("Nowhere", ""),
    ]


@pytest.mark.parametrize("typed", ["LS9", "ls9", "St James's", "st-jamess", "Leeds", "leeds"])
def test_a_place_is_a_postcode_district_a_site_or_a_district(client, southwark, leeds, typed):
    site("St James's", leeds, LEEDS, postcode="LS9 7TF")
    site("Guy's Hospital", southwark)

    rows = client.get("/map/", {"from": typed}).context["site_page"].object_list

    assert [s.name for s in rows] == ["St James's", "Guy's Hospital"]


@pytest.mark.parametrize(
    "typed",
    ["St Thomas’ Hospital", "st thomas hospital", "ST. THOMAS", "Thomas’s", "hospital of St Thomas", "SE1 7", "se 1"],
)
def test_a_site_is_found_however_its_name_is_typed(client, southwark, typed):
    site("Guy's Hospital", southwark, postcode="")
    site("St Thomas' Hospital", southwark, ST_THOMAS, postcode="SE1 7EH")

    rows = client.get("/map/", {"from": typed}, follow=True).context["site_page"].object_list

    assert [s.name for s in rows] == ["St Thomas' Hospital", "Guy's Hospital"]


def test_where_several_sites_may_be_meant_the_reader_is_asked_which(client, southwark, monkeypatch):
    site("Guy's Hospital", southwark)
    site("Guy's Cancer Centre", southwark)
    site("Guy's Hospital", southwark, slug="the-draft", published=False)
    site("Guy's Nowhere", southwark, (None, None))
    site("St Thomas' Hospital", southwark, description="Run together with Guy's.")

    response = client.get("/map/london/?from=guys&show=partnerships")

    assert "Several sites have “guys” in their names." in text(response)
    assert response.context["meant"] == [
        ("Guy's Cancer Centre", "/map/london/?show=partnerships&from=guys-cancer-centre"),
        ("Guy's Hospital", "/map/london/?show=partnerships&from=guys-hospital"),
    ]
    assert 'href="/map/london/?show=partnerships&amp;from=guys-hospital#sites"' in response.content.decode()
    assert "first 2 of more" not in text(response)

    monkeypatch.setattr("trustportal.website.map_views.MOST_MEANT", 1)
    assert "These are the first 1 of more." in text(client.get("/map/?from=guys"))


def test_of_several_sites_with_some_words_the_one_that_is_called_so_is_meant(client, southwark):
    site("St Thomas' Hospital", southwark, slug="tommies")
    site("St Thomas' Hospital, north wing", southwark)

    assert client.get("/map/?from=st thomas’ hospital").context["choice"].origin.name == "St Thomas' Hospital"


def test_nothing_is_here_for_whoever_names_a_district(client, southwark):
    site("St Thomas' Hospital", southwark, ST_THOMAS, postcode="SE1 7EH")
    site("Guy's Hospital", southwark, postcode="")

    response = client.get("/map/?from=SE1")

    assert [s.away for s in response.context["site_page"].object_list] == ["in SE1", "1.4 miles (2.3 km)"]
    assert "Where the middle of SE1 is, is not known here: distances are measured from" in text(response)

    PostcodeDistrictFactory(code="SE1", latitude=ST_THOMAS[0], longitude=ST_THOMAS[1])
    response = client.get("/map/?from=SE1")
    assert response.context["site_page"].object_list[0].away == "in SE1"
    assert "The nearest to the middle of SE1 come first." in text(response)
    assert "is not known here" not in text(response)
    assert "The nearest to the middle of Southwark come first." in text(client.get("/map/?from=Southwark"))
    assert "The nearest to Guy&#x27;s Hospital come first." in text(client.get("/map/?from=guys-hospital"))


def test_an_imported_postcode_district_comes_before_our_own_sites(client, leeds):
    PostcodeDistrictFactory(code="LS9", latitude="53.800000", longitude="-1.500000")
    site("St James's", leeds, LEEDS, postcode="LS9 7TF")

    assert client.get("/map/?from=LS9").context["choice"].origin.position == (53.8, -1.5)


@pytest.mark.parametrize("typed", ["SE1 9RT", "se19rt", " SE1  9RT ", "SE 1 9RT", "SE1 9R"])
def test_a_whole_postcode_is_cut_before_anything_is_shown_or_kept(client, typed):
    response = client.get("/map/london/", {"from": typed, "show": "partnerships"})

    assert response.status_code == 302
    assert response["Location"] == "/map/london/?from=SE1&show=partnerships"
    assert response["Cache-Control"] == "no-store"


def test_an_unknown_place_is_said_with_what_to_try(client, southwark):
    site("Guy's Hospital", southwark)

    for typed in ["Atlantis", "ZZ99"]:
        words = text(client.get("/map/", {"from": typed}))
        assert escape(f"We do not know where “{typed}” is. Try the first part of a postcode") in words
        assert "Guy&#x27;s Hospital" in words


# Abroad


def test_partners_abroad_are_listed_by_country_with_counts(client):
    malta = AreaFactory(name="Malta", code="", kind=Area.Kind.COUNTRY)
    OrganisationFactory(name="Ministry", country="MT", published=True)
    OrganisationFactory(name="At home", country="GB", published=True)
    OrganisationFactory(name="Unknown", country="", published=True)
    OrganisationFactory(name="Draft abroad", country="JO")
    programme("Nurses", malta)

    response = client.get("/map/")

    assert [(c.name, [p.name for p in c.partners], c.programmes) for c in response.context["map"].abroad] == [
        ("Malta", ["Ministry"], 1)
    ]
    assert "1 partner, 1 programme" in text(response)


# What is not public


@pytest.mark.parametrize("stage", [{"published": False}, {"withdrawn": True}])
def test_nothing_that_is_not_public_is_on_the_map(client, southwark, stage):
    hidden = site("Secret Hospital", southwark, **stage)
    programme("Secret programme", southwark, **stage)
    PlaceFactory(programme=programme("Open programme", southwark), site=hidden)
    PlaceFactory(programme=ProgrammeFactory(name="Secret two"), site=site("Open Hospital", southwark, ST_THOMAS))

    for address in [
        "/map/", "/map/london/", "/map/southwark/", "/map/sites/open-hospital/", "/map/?programme=open-programme",
        "/map.svg", "/map.geojson", "/map.geojson?place=southwark", "/sites/open-hospital/",
        "/programmes/open-programme/",
    ]:  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200, address
        assert b"Secret" not in response.content, address
    assert client.get("/map/sites/secret-hospital/").status_code == 404
    assert client.get("/map/?from=secret-hospital").context["choice"].origin.position is None
    assert client.get("/map/").context["map"].numbers["E09000028"] == 1


# The other pages


def test_a_site_and_a_programme_have_a_small_map_that_leads_to_the_large_one(client, southwark):
    guys = site("Guy's Hospital", southwark)
    dialysis = programme("Dialysis", southwark)
    PlaceFactory(programme=dialysis, site=guys)

    for address, large in [
        ("/sites/guys-hospital/", "/map/sites/guys-hospital/"),
        ("/programmes/dialysis/", "/map/?programme=dialysis"),
    ]:
        html = client.get(address).content.decode()
        [drawing] = re.findall(r"<svg[^>]*portal-map__drawing.*?</svg>", html, re.S)
        assert len(drawing) < 12_000, address
        assert f'href="{large}"' in html
        assert ATTRIBUTION in html
        assert client.get(large).status_code == 200


@pytest.mark.parametrize("is_approximate", [True, False])
def test_a_dashed_ring_is_explained_where_there_is_one(client, southwark, is_approximate):
    site("Guy's Hospital", southwark, is_approximate=is_approximate)

    for address in ["/sites/guys-hospital/", "/map/southwark/"]:
        page = client.get(address)
        assert ("dashed ring" in text(page)) is is_approximate, address


def test_a_programme_without_a_place_has_no_small_map(client):
    programme("Abroad", AreaFactory(name="Malta", code="", kind=Area.Kind.COUNTRY))

    assert b"portal-map__drawing" not in client.get("/programmes/abroad/").content


# Files


def test_the_picture_is_a_file_of_its_own_with_the_attribution(client, southwark):
    site("Guy's Hospital", southwark)

    response = client.get("/map.svg?place=london")

    assert response["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(response.content)
    words = " ".join("".join(root.itertext()).split())
    assert "Martin Chorley (CC BY 4.0)" in words
    assert "National Statistics data © Crown copyright" in words
    assert "href" not in {name for element in root.iter() for name in element.attrib}


def test_the_data_are_sites_and_districts(client, southwark):
    site("Guy's Hospital", southwark)
    programme("Dialysis", southwark)

    response = client.get("/map.geojson")
    data = json.loads(response.content)

    assert response["Content-Type"] == "application/geo+json"
    assert data["attribution"] == ATTRIBUTION
    assert (data["sites"], data["sites_left_out"]) == (1, 0)
    point, area = data["features"]
    assert point["geometry"] == {"type": "Point", "coordinates": [-0.087, 51.5033]}
    assert point["properties"]["name"] == "Guy's Hospital"
    assert point["properties"]["is_approximate"] is True
    assert urlsplit(point["properties"]["url"]).path == "/sites/guys-hospital/"
    assert area["properties"] == {"code": "E09000028", "name": "Southwark", "type": "district", "programmes": 1}
    for polygon in area["geometry"]["coordinates"]:
        for ring in polygon:
            assert ring[0] == ring[-1]
            assert all(-0.2 < longitude < 0.1 and 51.4 < latitude < 51.6 for longitude, latitude in ring)


# Tiles


def test_without_the_setting_the_map_calls_nobody(client):
    response = client.get("/map/")

    assert b"<image" not in response.content
    assert "https:" not in response["Content-Security-Policy"]


def test_with_the_setting_tiles_lie_under_the_map_and_the_policy_lets_in_their_host_there_alone(client, settings):
    settings.MAP_TILES_URL = "https://tiles.example.nhs.uk/{z}/{x}/{y}.png"
    settings.MAP_TILES_ATTRIBUTION = "© Example Maps"

    response = client.get("/map/london/")

    assert re.search(rb'<image href="https://tiles.example.nhs.uk/\d+/\d+/\d+.png"', response.content)
    assert "img-src 'self' data: https://tiles.example.nhs.uk;" in response["Content-Security-Policy"] + ";"
    assert "© Example Maps" in text(response)
    assert "tiles.example" not in client.get("/sites/")["Content-Security-Policy"]
    assert b"<image" not in client.get("/map.svg").content


# Size


def many_sites(numbers: range) -> None:
    """Made-up sites all over England, written straight into the table."""
    if not Area.objects.exists():
        Area.objects.bulk_create(Area(name=d.name, slug=d.slug, code=d.code) for d in england().districts)
    made_up.published(
        Site, "site", numbers, kind=Site.Kind.values, area=list(Area.objects.all()), postcode=["SE1 9RT"],
        latitude=[f"{51 + 2.5 * (n * 37 % 1000) / 1000:.6f}" for n in range(1000)],
        longitude=[f"{-2.5 + 3 * (n * 91 % 997) / 997:.6f}" for n in range(997)],
    )  # fmt: skip


def test_the_map_takes_few_queries_however_many_sites_there_are(client):
    many_sites(range(MOST_READ - 50))
    addresses = ["/map/", "/map/london/", "/map/southwark/", "/map/?from=SE1", "/map/?from=made up", "/map.geojson"]

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked.captured_queries)

    before = {address: queries(address) for address in addresses}
    many_sites(range(MOST_READ, MOST_READ + 1500))
    after = {address: queries(address) for address in addresses}

    assert max(before.values()) <= 18
    assert all(after[address] <= before[address] + 2 for address in addresses), (before, after)


def test_with_many_sites_the_drawing_stays_bounded_and_every_site_is_counted(client):
    many_sites(range(3 * MOST_READ))

    response = client.get("/map/")
    page = response.context["map"]

    for layer in page.picture.layers:
        assert sum(marker.number for marker in layer.markers) == 3 * MOST_READ
        assert len(layer.markers) < 700
    assert f"{3 * MOST_READ} sites in 326 districts." in text(response)
    assert response.context["site_page"].paginator.num_pages == 24
    assert len(response.context["site_page"].object_list) == 50


def test_the_map_of_a_record_is_found_under_its_former_address(client, southwark):
    found = site("Clinic", southwark, slug="old-clinic")
    run = programme("Programme", southwark, slug="old-programme", lead=found.organisation)
    for record, slug in [(found, "clinic"), (run, "programme"), (found.organisation, "partner")]:
        record.slug = slug
        record.save()

    assert "Clinic" in text(client.get("/map/sites/old-clinic/"))
    for address in ("/map/?programme=old-programme", "/map.svg?programme=old-programme"):
        assert client.get(address).status_code == 200
    assert client.get("/map.geojson?programme=old-programme").json()["features"][0]["properties"]["programmes"] == 1
    Programme.objects.filter(pk=run.pk).update(state="withdrawn", withdrawal_reason="It ended.")
    assert client.get("/map/?programme=old-programme").status_code == 404


@pytest.mark.parametrize("query", ["", "?place=southwark", "?programme=programme"])
def test_the_map_names_its_files_and_scripts_elsewhere_may_read_them(client, southwark, query):
    programme("Programme", southwark, slug="programme")
    page = "/map/southwark/" if "place" in query else f"/map/{query}"
    response = client.get(page)
    for path, kind in [("/map.svg", "image/svg+xml"), ("/map.geojson", "application/geo+json")]:
        address = f"{path}{query}"
        assert f'<{address}>; rel="alternate"; type="{kind}"' in response["Link"]
        assert f'<link rel="alternate" type="{kind}" href="{address}">' in response.content.decode()
        found = client.get(address, headers={"Origin": "https://example.org"})
        assert found["Content-Type"].partition(";")[0] == kind
        assert found["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in response
