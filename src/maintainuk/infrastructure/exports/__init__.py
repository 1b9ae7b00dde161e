"""Everything an organisation owns as one ZIP file: written bit by bit, and proven to be whole."""
