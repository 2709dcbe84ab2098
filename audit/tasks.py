"""What the worker does for the log beside its beat: once an hour an authority outside stamps the newest checkpoint."""

import structlog
from procrastinate.contrib.django import app

from audit.time_stamps import NotStamped, stamp_newest

logger = structlog.get_logger(__name__)


@app.periodic(cron="29 * * * *")
@app.task(name="audit.stamp_checkpoint", queueing_lock="audit.stamp_checkpoint", pass_context=False)
def stamp_checkpoint(timestamp: int) -> None:
    """Have the newest checkpoint stamped; where the authority is down, the next hour's takes its place."""
    try:
        stamp_newest()
    except NotStamped as reason:
        logger.error("checkpoint_not_stamped", reason=str(reason))  # noqa: TRY400 - the sentence says what is wrong
