"""Networks that were trained elsewhere: reads them, converts them, measures them, and writes bundles."""
