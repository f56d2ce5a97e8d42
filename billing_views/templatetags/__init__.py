"""Template tags and filters; load them with `{% load kartoteka %}`."""
