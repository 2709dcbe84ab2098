"""Early pytest plugin: the tests have an embedded PostgreSQL of their own, with fsync off."""

import os

from config import embedded_postgres

os.environ.setdefault(embedded_postgres.FOLDER_VARIABLE, str(embedded_postgres.BASE_DIR / "var" / "postgres-test"))
embedded_postgres.start_if_needed(
    fsync="off", synchronous_commit="off", full_page_writes="off", shared_buffers="256MB", max_connections="200"
)
