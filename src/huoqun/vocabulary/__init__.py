"""The words every room shares: ids, events, facts, actions, outcomes. Plain Python, nothing else."""
