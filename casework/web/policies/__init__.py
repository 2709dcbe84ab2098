"""Pages of the office about how the manual fares: figures, reviews."""
