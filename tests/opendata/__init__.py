"""Tests of how data is written for others."""
