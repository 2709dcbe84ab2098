"""The pages of accounts: signing in, one's own account, API tokens, and people and roles."""
