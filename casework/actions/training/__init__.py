"""Acts on courses, sessions and the records of training."""
