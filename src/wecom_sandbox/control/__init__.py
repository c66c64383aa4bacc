"""The interface under /sandbox/: for tests and visitors, never for a client."""
