"""Whom the trust works with: organisations, partnerships, agreements, sites and areas, strategy, sources."""
