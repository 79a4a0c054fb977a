"""What nobody may learn is in no answer of the interface."""

from tests.opendata.api.asking import Asking
from tests.opendata.secrets import SHOWN, hidden_things, nothing_leaks
from trustportal.website.api.interface import BY_NAME


def test_nothing_that_is_not_public_is_told(db: None):
    api = Asking()
    portal = hidden_things()
    for name in BY_NAME:
        for row in api.all(name):
            nothing_leaks(api.ask(row["href"]).content, row["href"])
        for address in (f"{name}?modified_since=2000-01-01T00:00:00Z", f"{name}?q=hushhush"):
            parameters = BY_NAME[name].parameters
            if address.partition("?")[2].partition("=")[0] in parameters:
                nothing_leaks(api.ask(address).content, address)
    nothing_leaks(api.ask(f"programmes/{portal.withdrawn.uuid}", 410).content, "the tombstone")
    nothing_leaks(api.ask(f"programmes/{portal.draft.uuid}", 404).content, "the draft")
    api.ask(f"programmes/by-slug/{portal.draft.slug}", 404)
    assert [row["name"] for row in api.all("programmes")] == [f"{SHOWN} programme"]
    # What leads to a draft narrows to nothing, as if there were no such record.
    draft = portal.site.organisation
    assert api.all(f"sites?run_by_id={draft.uuid}") == []
