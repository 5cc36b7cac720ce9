"""The commands: one module each, with ``add``, which declares its arguments, and the function that it runs."""
