"""The API's answers as pydantic models, for its OpenAPI description."""
