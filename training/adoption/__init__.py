"""Networks that were trained elsewhere: read, straightened, measured, and written as bundles."""
