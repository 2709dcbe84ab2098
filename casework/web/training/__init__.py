"""The pages of training: courses, sessions, records, who is late, and hours for grants."""
