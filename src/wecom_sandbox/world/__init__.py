"""The company as it was in the beginning. Nothing of it is kept: it follows from seed and number whenever it is asked for."""
