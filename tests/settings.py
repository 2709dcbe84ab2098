"""Settings under test: those of the product, on an embedded PostgreSQL of the tests' own with fsync off."""

import os

from config import embedded_postgres, messages

os.environ.setdefault(embedded_postgres.FOLDER_VARIABLE, str(embedded_postgres.BASE_DIR / "var" / "postgres-test"))
embedded_postgres.start_if_needed(
    fsync="off", synchronous_commit="off", full_page_writes="off", shared_buffers="256MB", max_connections="200"
)

os.environ["TRIAL"] = "true"  # so that tests sign in with one step whatever database they run on

messages.compile_stale()

from config.settings import *  # noqa: E402, F403  (the address of the database is read when settings are)

MEDIA_ROOT = VAR_DIR / "files-test"  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of sign-ins, none of them real
WHITENOISE_USE_FINDERS = False  # each test's client would look through all static files; the live server finds its own
