"""The examples in ``/docs``: a computed seven, in each form in which an image can be sent."""

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

from app.arrays import ByteArray


def seven_pixels() -> ByteArray:
    """Return a seven in MNIST form, as 0 and 1: shape ``(28, 28)``; a bar, and a slanted stem three pixels wide."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[5:8, 8:20] = 1
    for row in range(8, 24):
        left = round(17 - 6 * (row - 8) / 15)
        pixels[row, left : left + 3] = 1
    return pixels


def seven_png() -> bytes:
    """Return the same seven as a PNG file of some hundred bytes."""
    file = io.BytesIO()
    Image.fromarray(seven_pixels() * 255).save(file, "PNG", optimize=True)
    return file.getvalue()


def image_request_body() -> dict[str, Any]:
    """Return OpenAPI's description of the three forms in which a body carries an image."""
    data_url = "data:image/png;base64," + base64.b64encode(seven_png()).decode()
    picture = {
        "type": "string",
        "format": "binary",
        "description": "A PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF picture.",
    }
    form = {"type": "object", "required": ["file"], "properties": {"file": picture}}
    return {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": form},
            "application/json": {
                "schema": {"oneOf": [_json_image(), _json_pixels()]},
                "examples": {
                    "image": {"summary": "A picture in base64", "value": {"image": data_url}},
                    "pixels": {
                        "summary": "The network's own input: a digit of 28 × 28",
                        "value": {"pixels": seven_pixels().tolist()},
                    },
                },
            },
            "image/*": {"schema": picture},
            "application/octet-stream": {"schema": picture},
        },
    }


def images_request_body() -> dict[str, Any]:
    """Return OpenAPI's description of the two forms in which a body carries several images."""
    one = image_request_body()["content"]
    picture = one["image/*"]["schema"]
    several = {"type": "array", "minItems": 1}
    form = {"type": "object", "required": ["file"], "properties": {"file": {**several, "items": picture}}}
    image, pixels = _json_image()["properties"]["image"], _json_pixels()["properties"]["pixels"]
    text = one["application/json"]["examples"]["image"]["value"]["image"]
    return {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": form, "encoding": {"file": {"contentType": "image/*"}}},
            "application/json": {
                "schema": {
                    "oneOf": [
                        _closed_object("images", {**several, "items": image}),
                        _closed_object("pixels", {**several, "items": pixels}),
                    ]
                },
                "examples": {"images": {"summary": "Two pictures in base64", "value": {"images": [text, text]}}},
            },
        },
    }


def _json_image() -> dict[str, Any]:
    image = {"type": "string", "description": "The picture in base64, or a data URL in base64."}
    return _closed_object("image", image)


def _json_pixels() -> dict[str, Any]:
    number = {"type": "number", "minimum": 0, "maximum": 1}
    row = {"type": "array", "items": number}
    rows = {
        "description": "The network's own input, without preprocessing, ink bright: 28 rows of 28 numbers, or 32 rows "
        "of 32 triples of numbers (red, green, blue).",
        "oneOf": [{"type": "array", "items": row}, {"type": "array", "items": {"type": "array", "items": row}}],
    }
    return _closed_object("pixels", rows)


def _closed_object(member: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [member], "additionalProperties": False, "properties": {member: schema}}
