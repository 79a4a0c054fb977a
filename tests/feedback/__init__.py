"""Tests of the feedback form."""
