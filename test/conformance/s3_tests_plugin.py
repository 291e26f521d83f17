"""pytest plugin for running ceph/s3-tests unchanged: trusts a local CA, splits the suite into phases that may run at
different degrees of parallelism, and writes one JSON line per test. Settings come by environment:
S3_TESTS_CA (file), S3_TESTS_PHASE (main, serial, slow or transition), S3_TESTS_RESULTS (file)."""

import json
import os
import re

import pytest
import s3tests.functional as suite

# They list all buckets of a user, or count what a user has: no other test of that user may run beside them.
SERIAL = re.compile(r"test_(buckets_create_then_list|buckets_list_ctime|list_buckets_|account_usage|head_bucket_usage)")
# They wait for days of the lifecycle clock: many can wait at once.
SLOW_MARKS = {"lifecycle", "lifecycle_expiration", "delete_marker", "bucket_logging", "cloud_transition", "cloud_restore"}


def marks_of(item):
    return {mark.name for mark in item.iter_markers()}


def phase_of(item):
    marks = marks_of(item)
    if "lifecycle_transition" in marks and not marks & {"cloud_transition", "cloud_restore"}:
        return "transition"
    if SERIAL.match(item.name) or item.fspath.basename in ("test_iam.py", "test_sts.py"):
        return "serial"
    return "slow" if marks & SLOW_MARKS or "lifecycle" in item.name else "main"


def pytest_configure(config):
    configure = suite.configure

    def configure_with_ca():
        configure()
        suite.config.default_ssl_verify = os.environ["S3_TESTS_CA"]

    suite.configure = configure_with_ca


def pytest_collection_modifyitems(config, items):
    wanted = os.environ["S3_TESTS_PHASE"]
    for item in items:
        item.user_properties.append(("marks", sorted(marks_of(item))))
    dropped = [item for item in items if phase_of(item) != wanted]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if phase_of(item) == wanted]


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when in ("setup", "teardown") and report.failed:
        # one bucket that cannot be removed must not fail every test that follows
        suite.prefix = suite.choose_bucket_prefix(template="s3t-{random}-")


def pytest_runtest_logreport(report):
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return
    if not (report.when == "call" or report.failed or (report.when == "setup" and report.skipped)):
        return
    line = {
        "test": report.nodeid.split("/")[-1],
        "when": report.when,
        "outcome": report.outcome,
        "seconds": round(report.duration, 2),
        "marks": dict(report.user_properties).get("marks", []),
        "message": message_of(report),
    }
    with open(os.environ["S3_TESTS_RESULTS"], "a", encoding="utf-8") as results:
        results.write(json.dumps(line) + "\n")


def message_of(report):
    if not (report.failed or report.skipped):
        return ""
    crash = getattr(getattr(report.longrepr, "reprcrash", None), "message", None)
    return (crash or str(report.longrepr))[-500:]
