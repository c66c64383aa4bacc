"""What was promised, against what really happened: reckoned from playbooks, people and the world's book of deeds alone. It
shares no arithmetic with the engine.
"""
