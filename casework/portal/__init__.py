"""The public side: a person files a complaint, and follows it with a code and a secret. Nobody needs an account."""
