"""Counts what the portal does, over all its workers, for Prometheus to collect."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response, request

from portal.web import request_ids

#: Where the workers of one portal keep their counts, each in files of its own.
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def install(app: Flask) -> None:
    """Count requests where the operator has set a token; else nothing is loaded and nothing counted."""
    if not app.config["ENVIRONMENT"].metrics_token:
        return
    _choose_folder(app.config["ENVIRONMENT"].data_dir)
    from portal.web import instruments

    @app.after_request
    def count(response: Response) -> Response:
        instruments.REQUESTS.labels(request.endpoint or "none", request.method, response.status_code).inc()
        instruments.SECONDS.labels(request.endpoint or "none").observe(request_ids.seconds())
        return response


def exposition() -> tuple[bytes, str]:
    """What stands counted now, and its content type."""
    from portal.web import instruments

    return instruments.exposition()


def _choose_folder(data_dir: Path) -> None:
    """The client library reads the folder from the environment once, when it is loaded."""
    folder = Path(os.environ.setdefault(_FOLDER, str(data_dir / "metrics")))
    folder.mkdir(parents=True, exist_ok=True)


def forget(data_dir: Path) -> None:
    """Throw away the counts of workers that have ended; called before the workers of a new run begin."""
    for file in (data_dir / "metrics").glob("*.db"):
        file.unlink(missing_ok=True)
