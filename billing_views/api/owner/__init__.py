"""The owners' API (`/api/v1/` on an association's host): read-only, the figures of the pages from the same queries."""
