# Ask only for what changed: the second answer is "304", without a body.
list="https://partnerships.example.nhs.uk/api/v1/programmes"
mark=$(curl -sS --fail --output programmes.json --write-out '%header{etag}' "$list")
curl -sS --fail --header "If-None-Match: $mark" --output newer.json --write-out '%{http_code}\n' "$list"
