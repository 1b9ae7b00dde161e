import signal
import sys

try:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # ./maintainuk holds it back until here
    from maintainuk.cli import app
    from maintainuk.infrastructure.problems import CannotStart

    app(prog_name="maintainuk")
except KeyboardInterrupt:
    sys.exit("Stopped.")
except CannotStart as problem:
    sys.exit(str(problem))
