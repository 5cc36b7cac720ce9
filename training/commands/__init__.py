"""What a person types: one module a command, each with ``add``, which says what may be typed, and what it runs."""
