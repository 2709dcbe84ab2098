"""The pages of the office: each view fetches the case, validates, acts and answers."""
