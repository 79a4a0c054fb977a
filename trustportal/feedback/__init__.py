"""Readers' answers to "Is this page useful?"."""
