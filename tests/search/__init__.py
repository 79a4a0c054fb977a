"""Tests of the search, on whichever database they run."""
