"""How likely a group is to fall silent within 30 days, and how such forecasts have done before."""
