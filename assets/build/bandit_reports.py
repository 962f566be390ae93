"""Runs bandit once and writes both reports, each with bandit's own formatter. bandit's command writes one for each run."""
import os, sys

sys.path.insert(0, os.environ["TOOL_PACKAGES"])
from bandit.cli.main import main
from bandit.core.manager import BanditManager

directory = sys.argv.pop(1)
write = BanditManager.output_results

def write_both(manager, lines, severity, confidence, *_):
    for name in ("json", "sarif"):
        # the formatters close the file
        write(manager, lines, severity, confidence, open(os.path.join(directory, "bandit." + name), "w"), name)

BanditManager.output_results = write_both
main()
