"""The words every room shares: ids, events, facts. Plain Python, nothing else."""
