from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import User
from tests.permissions.visitors import Scene, Visitor, scene


@scene
def second_factor() -> Scene:
    person = User.objects.create_user("careful", name="Careful")
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    return Scene(visitors={"with_second_factor": Visitor(person)})


@scene
def passkey_of_another() -> Scene:
    owner = User.objects.create_user("owner", name="Owner")
    passkey = Authenticator.objects.create(user=owner, type="webauthn", data={"name": "Key", "credential": {}})
    return Scene({"pk": passkey.pk})
