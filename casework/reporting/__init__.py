"""Figures about complaints: one definition for each, and what may be published of them."""
