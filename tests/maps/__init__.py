"""Maps: what they are worked out from, without a database where that is possible."""
