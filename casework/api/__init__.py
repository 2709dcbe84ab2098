"""The REST API: what pages can do, for other programs, under the same permissions."""
