"""The words by which a text is found, kept by the database beside it and reduced to their stems in its language."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Left

CONFIGURATION = {"en": "english", "es": "spanish"}
"""How PostgreSQL reduces the words of a language."""
TRANSLATED = {"es": "words_es"}
"""The column in which the words of a translation into a language are kept."""

LONGEST = 200_000
"""Characters of a text by which it is found; the database keeps at most a mebibyte of words of one row."""


def words_of(language: str) -> models.GeneratedField:
    """Return a column that the database fills with the words of title and text; those of the title weigh more."""
    config = CONFIGURATION[language]
    text = Left("text", LONGEST)
    vector = SearchVector("title", weight="A", config=config) + SearchVector(text, weight="B", config=config)
    return models.GeneratedField(expression=vector, output_field=SearchVectorField(), db_persist=True)
