"""Write the API's answers as types for the page's JavaScript: ``python -m tests.js.openapi_types``.

The page's types come from the same models as ``/docs`` and the tests of every answer. Only the schemas are written; the
page builds its addresses itself.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[2]
TYPES = ROOT / "static" / "js" / "lib" / "api" / "openapi.d.ts"
GENERATOR = ROOT / "node_modules" / ".bin" / "openapi-typescript"


def generate() -> str:
    """Return the types as TypeScript declarations. Node.js is Playwright's; the generator comes from ``npm ci``."""
    with tempfile.TemporaryDirectory() as directory:
        document = create_app(Settings(models_dir=Path(directory))).openapi()
        source = Path(directory) / "openapi.json"
        source.write_text(json.dumps({**document, "paths": {}}))
        options = ["--alphabetize", "--root-types", "--root-types-no-schema-prefix"]
        written = Path(directory) / "openapi.d.ts"
        command = [compute_driver_executable()[0], GENERATOR, source, "--output", written, *options]
        subprocess.run(command, check=True, capture_output=True)
        return written.read_text()


if __name__ == "__main__":
    TYPES.write_text(generate())
