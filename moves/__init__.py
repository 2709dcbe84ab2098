"""The machinery of moves: what a move is, why one is refused, how one is performed, and its generated reference."""
