"""The life of an association beside its daily work: backups, restoring, moving, own hosts, archive, erasure."""
