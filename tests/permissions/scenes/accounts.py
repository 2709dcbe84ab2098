import hashlib
from datetime import timedelta

from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.models import ApiToken, RoleHolding, SecondStepReset, User
from tests.permissions.visitors import Scene, Visitor, scene


@scene
def second_factor() -> Scene:
    person = User.objects.create_user("careful", name="Careful")
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    return Scene(visitors={"with_second_factor": Visitor(person)})


@scene
def half_signed_in() -> Scene:
    person = User.objects.create_user("careful", name="Careful")
    TOTP.activate(person, generate_totp_secret())
    begun = Login(person, state={"stages": {"current": AuthenticateStage.key}}).serialize()
    return Scene(visitors={"who_gave_the_password": Visitor(session={"account_login": begun})})


def _credential() -> dict[str, object]:
    """A passkey as a device gives it, with a key of its own."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    attested = AttestedCredentialData.create(Aaguid.NONE, b"credential", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), flags, 0, attested)
    client_data = CollectedClientData.create("webauthn.create", b"challenge", "https://testserver")
    return {
        "id": websafe_encode(b"credential"),
        "rawId": websafe_encode(b"credential"),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }


@scene
def passkey() -> Scene:
    owner = User.objects.create_user("owner", name="Owner")
    data = {"name": "Blue key", "credential": _credential()}
    made = Authenticator.objects.create(user=owner, type="webauthn", data=data)
    return Scene({"pk": made.pk}, {"its_owner": Visitor(owner)}, data={"name": "Red key"})


@scene
def without_password() -> Scene:
    return Scene(visitors={"without_password": Visitor(User.objects.create_user("new", name="New"))})


@scene
def closed_account() -> Scene:
    return Scene({"pk": User.objects.create_user("former", name="Former", is_active=False).pk})


@scene
def token() -> Scene:
    owner = User.objects.create_user("owner", name="Owner")
    ends = timezone.now() + timedelta(days=1)
    made, _secret = ApiToken.objects.issue(user=owner, label="Report", scopes=["statistics:read"], expiry=ends)
    return Scene({"uid": made.uid}, {"its_owner": Visitor(owner)})


def _link_of(person: User) -> dict[str, object]:
    name = urlsafe_base64_encode(str(person.pk).encode())
    return {"uidb64": name, "token": default_token_generator.make_token(person)}


@scene
def password_link() -> Scene:
    return Scene(_link_of(User.objects.create_user("new", name="New")))


@scene
def used_password_link() -> Scene:
    person = User.objects.create_user("new", name="New")
    link = _link_of(person)
    person.set_password("four quiet lanterns")
    person.save()
    return Scene(link)


@scene
def new_person() -> Scene:
    return Scene(data={"login": "r.okafor", "name": "R. Okafor", "language": "es"})


@scene
def person() -> Scene:
    someone = User.objects.create_user("someone", name="Someone")
    held = RoleHolding.objects.create(user=someone, role_id="investigator")
    return Scene({"pk": someone.pk, "holding": held.pk}, {"that_person": Visitor(someone)}, {"role": "records_officer"})


@scene
def administrator() -> Scene:
    other = User.objects.create_user("other", name="Other administrator")
    held = RoleHolding.objects.create(user=other, role_id="system_administrator", until=None)
    RoleHolding.objects.create(
        user=other,
        role_id="auditor",
        until=timezone.now() - timedelta(days=1),
        since=timezone.now() - timedelta(days=2),
    )
    return Scene({"pk": other.pk, "holding": held.pk}, {"that_administrator": Visitor(other)}, {"role": "auditor"})


@scene
def lost_second_step() -> Scene:
    """One administrator proposed that it be taken away."""
    someone = User.objects.create_user("someone", name="Someone")
    Authenticator.objects.create(user=someone, type="webauthn", data={})
    proposer = User.objects.create_user("proposer", name="Proposer")
    RoleHolding.objects.create(user=proposer, role_id="system_administrator")
    reset = SecondStepReset.objects.create(person=someone, proposed_by=proposer, reason="Came in person.")
    visitors = {"proposer": Visitor(proposer), "the_one_who_lost_it": Visitor(someone)}
    return Scene({"pk": someone.pk, "reset": reset.pk}, visitors, {"answer": "agree"})
