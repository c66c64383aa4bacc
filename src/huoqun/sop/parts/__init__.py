"""What playbooks, their steps and their starts are made of."""
