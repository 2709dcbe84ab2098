"""What can go wrong when someone asks what the policy says."""


class UnknownSection(LookupError):
    """No manual holds a section of that code."""


class NotInForce(LookupError):
    """The section exists, and no version of it was in force on the day."""


class NoRulesInForce(LookupError):
    """No rule set applies on the day."""


class NoAuthority(LookupError):
    """No section in force on the day empowers the act, so that it is refused."""
