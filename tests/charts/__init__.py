"""Tests of what series say and how they are drawn."""
