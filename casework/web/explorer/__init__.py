"""The explorer of the log, for those who watch over it: how it stands, its entries, and its checks."""
