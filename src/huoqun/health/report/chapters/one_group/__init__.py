"""The chapters of one group's check-up."""
