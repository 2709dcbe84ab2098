"""Importing what another system holds: a mapping file says what its columns and codes mean, a reader believes it.

`mapping.load` reads a mapping file, `reader.Source` reads the data by it, one complaint at a time. Nothing here
touches the database; `casework.actions.imports` does.
"""
