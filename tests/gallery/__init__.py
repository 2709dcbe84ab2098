"""Addresses that exist only in tests: a page of every part, and a page for every error."""
