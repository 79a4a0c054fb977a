"""All members of all partnerships, page after page."""

import json
import urllib.request

address = "https://partnerships.example.nhs.uk/api/v1/memberships?limit=100"
while address:
    with urllib.request.urlopen(address, timeout=30) as answer:
        page = json.load(answer)
    for membership in page["records"]:
        print(membership["partner"]["name"], "-", membership["partnership"]["name"], "-", membership["role_name"])
    address = page["next"]
