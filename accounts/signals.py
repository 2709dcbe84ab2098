"""What happens to accounts, for those who keep a record of it.

`accounts` lies below the audit log and cannot write to it; `casework` listens and does. The acts on people, roles and
tokens are sent with `send` inside their transaction: a receiver that raises undoes the act. Beside these, listen to
Django's `user_logged_in` and `user_logged_out`, and to allauth's `authenticator_added`, `authenticator_removed` and
`authenticator_reset` (allauth.mfa.signals).
"""

from django.dispatch import Signal

person_added = Signal()
"""by: User, person: User. An account was made, without a password."""
account_closed = Signal()
"""by: User, person: User. The person can no longer sign in; roles and tokens have ended before."""
account_reopened = Signal()
"""by: User, person: User. The person can sign in again, without the former roles."""
password_link_issued = Signal()
"""by: User, person: User. A link was made with which its holder sets the person's password."""
password_set = Signal()
"""request, person: User. The person set a new password, by such a link or by knowing the old one."""
role_granted = Signal()
"""by: User, holding: RoleHolding."""
role_ended = Signal()
"""by: User, holding: RoleHolding. `holding.until` says from when."""
token_issued = Signal()
"""token: ApiToken. Its owner made it."""
token_revoked = Signal()
"""by: User, token: ApiToken. The row is gone when the transaction ends."""
second_step_reset_proposed = Signal()
"""by: User, reset: SecondStepReset. Someone proposes that another's second step be taken away."""
second_step_reset_declined = Signal()
"""by: User, reset: SecondStepReset. The proposal is put aside."""
second_step_reset = Signal()
"""by: User, reset: SecondStepReset. Two people took the second step away; `reset.person` signs in by password."""
sign_in_failed = Signal()
"""request, person: User | None, step: str. Someone could not sign in, or could not confirm who they are.

`person` is None where the name that was given is nobody's; the name is not passed on, since people type passwords into
the wrong field. `step` is `password`, `second_factor`, or `locked` where there were too many attempts to try another.
"""
