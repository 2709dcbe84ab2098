"""Works off the jobs that pages and commands have deferred, and integrates the log on a fixed beat."""

import threading
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from audit.log import integrate_until

GRACE_SECONDS = 5.0


class Command(BaseCommand):
    help = "Work off background jobs and integrate the log, until a signal comes."
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        stop = threading.Event()
        integrating = threading.Thread(
            target=integrate_until, args=(stop,), kwargs={"every": settings.AUDIT_BEAT_SECONDS}
        )
        integrating.start()
        try:
            connector = cast("DjangoConnector", app.connector).get_worker_connector()
            with app.replace_connector(connector) as worker:
                worker.run_worker(delete_jobs="successful", shutdown_graceful_timeout=GRACE_SECONDS)
        finally:
            stop.set()
            integrating.join()
