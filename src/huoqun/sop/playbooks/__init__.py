"""What a playbook is: read from YAML, checked, compared, written back. Plain values; nothing here runs one."""
