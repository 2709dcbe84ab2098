"""The board room: what members of the review board and their chair read, declare, vote and write."""
