"""Who answers whom: the linker where a carrier does not say it, and the graph of people."""
