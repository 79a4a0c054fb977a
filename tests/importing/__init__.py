"""Tests of how uploaded tables are read, and of how a workbook is written."""
