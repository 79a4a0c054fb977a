"""What partners do together and what came of it: programmes, the places where they run, outcome metrics."""
