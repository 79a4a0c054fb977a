"""What happened when, on one axis that is honest about partial dates. Knows nothing of what happened."""
