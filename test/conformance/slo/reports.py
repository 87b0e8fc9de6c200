"""Reports of slo-generator for the counts on standard input: a JSON list of [goal, window, threshold, good, bad]."""

import json
import sys

from slo_generator import utils
from slo_generator.report import SLOReport


class Counts:
    """A backend that gives the counts it is told."""

    def __init__(self, **_):
        pass

    def good_bad_ratio(self, timestamp, window, config):
        return tuple(config["counts"])


utils.get_backend_cls = lambda _: Counts

reports = []
for goal, window, threshold, good, bad in json.load(sys.stdin):
    config = {
        "metadata": {"name": "x"},
        "spec": {"description": "", "backend": "x", "method": "good_bad_ratio", "goal": goal},
        "counts": [good, bad],
    }
    step = {
        "name": "step",
        "window": window,
        "burn_rate_threshold": threshold,
        "message_alert": "page",
        "message_ok": "fine",
    }
    report = SLOReport(config=config, backend={"class": "x"}, step=step, timestamp=0)
    reports.append(report.to_json() if report.valid else None)
json.dump(reports, sys.stdout)
