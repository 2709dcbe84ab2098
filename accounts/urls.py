"""Sign-in, second factor and the person's own account. Only what the office offers: there is no sign-up and no mail."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.usersessions import views as session_views
from django.urls import path

from accounts.web import own, people, tokens

urlpatterns = [
    path("", own.home, name="account_home"),
    path("preferences/", own.preferences, name="account_preferences"),
    path("stay/", own.stay, name="account_stay"),
    path("login/", account_views.login, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account_views.password_change, name="account_change_password"),
    path("password/set/", account_views.password_set, name="account_set_password"),
    path("password/link/<uidb64>/<token>/", own.PasswordByLink.as_view(), name="account_password_by_link"),
    path("sessions/", session_views.list_usersessions, name="usersessions_list"),
    path("2fa/", mfa_views.index, name="mfa_index"),
    path("2fa/authenticate/", mfa_views.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/app/activate/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("2fa/app/deactivate/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery_views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/passkeys/", webauthn_views.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", webauthn_views.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", webauthn_views.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/passkeys/reauthenticate/", webauthn_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", own.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", webauthn_views.edit_webauthn, name="mfa_edit_webauthn"),
    path("tokens/", tokens.own, name="account_tokens"),
    path("tokens/new/", tokens.make, name="account_token_new"),
    path("tokens/<uuid:uid>/revoke/", tokens.revoke, name="account_token_revoke"),
    path("people/", people.everyone, name="account_people"),
    path("people/new/", people.add, name="account_person_new"),
    path("people/<int:pk>/", people.person, name="account_person"),
    path("people/<int:pk>/roles/", people.grant, name="account_role_grant"),
    path("people/<int:pk>/roles/<int:holding>/end/", people.end, name="account_role_end"),
    path("people/<int:pk>/password-link/", people.password_link, name="account_password_link"),
    path("people/<int:pk>/second-step/", people.propose_reset, name="account_reset_propose"),
    path("people/<int:pk>/second-step/<int:reset>/", people.answer_reset, name="account_reset_answer"),
    path("people/<int:pk>/close/", people.close, name="account_close"),
    path("people/<int:pk>/reopen/", people.reopen, name="account_reopen"),
]
