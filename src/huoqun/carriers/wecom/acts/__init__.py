"""What is asked of WeCom, a file a topic: action -> calls -> how it ended. `send.py` chooses among them."""
