"""``python -m app``: serve the page and the API."""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from app.settings import Settings

CHATTER = re.compile(rb"(WARNING: All log messages before absl|[IW]0000 |E0000 .*failed call to cuInit)")
"""What TensorFlow's libraries print while they are loaded, whatever its log level: notes on oneDNN and absent GPUs."""


def main() -> int:
    """Serve until the process is told to stop; return 1 where a setting is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            print(f"layerscope: the setting {one['loc'][0]} is wrong: {one['msg']}.", file=sys.stderr)
        return 1
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    print(f"Layerscope loads its networks and opens on http://{settings.host}:{settings.port}", flush=True)

    # TensorFlow takes seconds to import; whoever started the server reads the line above meanwhile.
    with without_chatter():
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")  # one image is there and back before a GPU has it
        import uvicorn

        from app.main import create_app

        app = create_app(settings)
    uvicorn.run(app, host=settings.host, port=settings.port, access_log=False, server_header=False, ws="none")
    return 0


@contextmanager
def without_chatter() -> Iterator[None]:
    """Hold back what is written to standard error, and pass it on at the end, less TensorFlow's chatter."""
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
            held_back.seek(0)
            said = b"".join(line for line in held_back if not CHATTER.match(line))
            os.write(2, said)


if __name__ == "__main__":
    sys.exit(main())
