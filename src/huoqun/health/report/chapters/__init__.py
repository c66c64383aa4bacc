"""The chapters of the report about all groups: each makes a section from an audit, or none where there is nothing to say."""
