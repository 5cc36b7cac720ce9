"""FastAPI around ``model.predict``: what a tutorial shows.

BENCH_NETWORK=mnist-mlp PORT=9000 python -m benchmarks.peers.fastapi_predict
"""

from typing import Any

import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.peers.classifier import HOST, PORT, Classifier


class Picture(BaseModel):
    """A picture in base64."""

    image: str


def create_app() -> FastAPI:
    """Load the network and return the application."""
    app = FastAPI()
    classifier = Classifier()

    @app.post("/predict")
    def predict(picture: Picture) -> dict[str, Any]:
        images = classifier.tensor(picture.image)[np.newaxis]
        return classifier.answer(classifier.model.predict(images, verbose=0)[0])

    return app


if __name__ == "__main__":
    uvicorn.run(create_app(), host=HOST, port=PORT, access_log=False, log_level="warning")
