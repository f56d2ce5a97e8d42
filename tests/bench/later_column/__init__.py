"""Migrations of `profile` as a later release might have them: those of this one, and one more that only expands.

The program's own folder is searched before this one.
"""

import associations.profile.migrations as present

__path__ = [*present.__path__, *__path__]
