"""What casework raises. The entrances turn each into a page or an answer that says what to do."""

from moves.exceptions import Invalid, Refused


class CaseNotFound(LookupError):
    """No case of that number exists for this person; what may not be seen does not exist."""


class NotPermitted(PermissionError):
    """The person may see the case and may not do this in it at this stage."""


__all__ = ["CaseNotFound", "Invalid", "NotPermitted", "Refused"]
