# Three partners, with a few of their fields.
curl -sS --fail "https://partnerships.example.nhs.uk/api/v1/partners?limit=3&fields=name,kind_name,href"
