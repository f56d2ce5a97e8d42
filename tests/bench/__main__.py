"""`make bench`: what imports, pages and provisioning cost, measured in one run on servers of its own.

Prints tables and writes .local/bench/<date>.json. On a machine that others use, compare ratios and processor time.
"""

import argparse
import signal
import sys

from saas.local.server_user import LocalServerError
from tests.bench.sizes import FULL, QUICK, Scale
from tests.bench.surroundings import only_one, prepare_environment, running


def main() -> int:
    """Measure; exit code 1 where the product or its servers did not do their part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--full", action="store_true", help="12 000 premises × 3 years, every month; takes long"
    )
    size.add_argument("--quick", action="store_true", help="600 premises: does the bench itself still work?")
    parser.add_argument("--speed", action="store_true", help="import speed and storage alone")
    parser.add_argument(
        "--pages", action="store_true", help="owners' pages alone, at ten years of all premises too"
    )
    parser.add_argument(
        "--reading", action="store_true", help="an owner's page while a large ledger is published alone"
    )
    parser.add_argument("--fairness", action="store_true", help="waiting beside a large import alone")
    parser.add_argument("--papers", action="store_true", help="PDFs and a month's notices alone")
    options = parser.parse_args()
    scale = FULL if options.full else QUICK if options.quick else Scale()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    prepare_environment()
    import django

    django.setup()
    from tests.bench.measures import ALONE, measure
    from tests.bench.queueing import BenchError

    try:
        with only_one(), running() as around:
            chosen = [name for name in ALONE if getattr(options, name)]
            for name in chosen:
                ALONE[name](around, scale)
            if not chosen:
                measure(around, scale)
    except (BenchError, LocalServerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
