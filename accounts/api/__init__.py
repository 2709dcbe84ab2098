"""How programs and browsers say who they are to the API, and what their tokens open."""
