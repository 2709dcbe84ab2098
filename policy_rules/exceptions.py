"""What can go wrong when someone asks what the policy says."""


class UnknownSection(LookupError):  # noqa: N818 - an answer, not a fault
    """No manual holds a section of that code."""


class NotInForce(LookupError):  # noqa: N818 - an answer, not a fault
    """The section exists, and no version of it was in force on the day."""


class NoRulesInForce(LookupError):  # noqa: N818 - an answer, not a fault
    """No rule set applies on the day."""


class NoAuthority(LookupError):  # noqa: N818 - an answer, not a fault
    """No section in force on the day empowers the act, so that it is refused."""
