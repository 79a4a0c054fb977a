"""How long the Open Referral UK feed takes with 10,000 made-up records of each kind: part of `make bench`."""

from tests.benchmarks.pages import database, row

RECORDS = 10_000


def main() -> None:
    """Measure, and print what was measured."""
    with database():
        from django.db import connection

        from partnerships.models import Organisation
        from programmes.models import Place, Programme
        from programmes.open_referral import KINDS_OF_CARE
        from tests import made_up

        made_up.make(RECORDS)
        made_up.let_the_database_take_stock()
        found = Programme.objects.published().that_people_use()
        last = -(-found.count() // 100)
        service, place, lead = (
            records.order_by("pk").first().uuid
            for records in (found, Place.objects.of_services(), Organisation.objects.published())
        )
        print(
            f"\n{connection.display_name}, {RECORDS:,} made-up records of each main kind, {found.count():,} services\n"
        )
        print(f"| {'address':46} | queries | median ms |   JSON KB | gzipped KB |")
        print(f"| {'-' * 46} | ------: | --------: | --------: | ---------: |")
        for name, address in {
            "100 services": "services?per_page=100",
            "the last page": f"services?per_page=100&page={last}",
            "far beyond the last page": "services?page=999999999",
            "100 services in full": "services?per_page=100&full=true",
            "all services, minimal": "services?minimal=true",
            "100 services with a kind of care": f"services?per_page=100&taxonomy_id={KINDS_OF_CARE.id}",
            "100 services changed since": "services?per_page=100&modified_after=2026-03-01",
            "a service": f"services/{service}",
            "100 services at locations": "service_at_locations?per_page=100",
            "100 services at locations in full": "service_at_locations?per_page=100&full=true",
            "100 near a postcode": "service_at_locations?per_page=100&postcode=SE1 9RT&proximity=1000",
            "100 there for a postcode": "service_at_locations?per_page=100&postcode=SE1 9RT",
            "a service at a location": f"service_at_locations/{place}",
            "100 organisations": "organizations?per_page=100",
            "100 organisations with services in full": "organizations?per_page=100&full_service=true",
            "an organisation": f"organizations/{lead}",
            "taxonomy terms": "taxonomy_terms",
        }.items():
            print(row(name, f"/open-referral/{address}"))


if __name__ == "__main__":
    main()
