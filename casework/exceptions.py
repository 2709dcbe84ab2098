"""What casework raises. The entrances turn each into a page or an answer that says what to do."""

from moves.exceptions import Refused


class CaseNotFound(LookupError):
    """No case of that number exists for this person; what may not be seen does not exist."""


class NotPermitted(PermissionError):
    """The person may see the case and may not do this in it at this stage."""


class Invalid(ValueError):
    """What was given cannot be taken. `field` names the value, the message says what to write instead."""

    def __init__(self, message: object, field: str = "") -> None:
        self.field = field
        super().__init__(str(message))


__all__ = ["CaseNotFound", "Invalid", "NotPermitted", "Refused"]
