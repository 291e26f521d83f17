"""pytest plugin for running ceph/s3-tests unchanged: trusts a local CA, splits the suite into phases that may run at
different degrees of parallelism, and writes one JSON line per test. Settings come by environment:
S3_TESTS_CA (file), S3_TESTS_PHASE (main, serial, slow, transition or iam), S3_TESTS_RESULTS (file), and
S3_TESTS_ACCOUNT: the account in whose name Ceph's ARNs, which have none, are translated to AWS's and back."""

import json
import os
import re

import pytest
import botocore.client
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
    if item.fspath.basename in ("test_iam.py", "test_sts.py"):
        return "iam"
    if SERIAL.match(item.name):
        return "serial"
    return "slow" if marks & SLOW_MARKS or "lifecycle" in item.name else "main"


# What Ceph writes in its own way; AWS's way of saying the same.
TRANSLATIONS = [
    ("arn:aws:iam:::assumed-role", "arn:aws:sts::{account}:assumed-role"),
    ("arn:aws:iam:::", "arn:aws:iam::{account}:"),
    ("arn:aws:sts:::", "arn:aws:sts::{account}:"),
    (":app_id", ":oaud"),
    ('"Principal":"*",', ""),
]
CLIENT_IDS = ["account", "my_client"]


def replaced(value, pairs):
    if isinstance(value, dict):
        return {key: replaced(each, pairs) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, pairs) for each in value]
    if isinstance(value, str):
        for old, new in pairs:
            value = value.replace(old, new)
    return value


def speak_as_aws(account):
    to_aws = [(old, new.format(account=account)) for old, new in TRANSLATIONS]
    from_aws = [(new, old) for old, new in to_aws[1:3]]
    call = botocore.client.BaseClient._make_api_call

    def translated_call(client, operation, parameters):
        if client.meta.service_model.service_name not in ("iam", "sts", "s3"):
            return call(client, operation, parameters)
        if client.meta.service_model.service_name == "s3" and operation != "PutBucketPolicy":
            return call(client, operation, parameters)
        asked = replaced(parameters, to_aws)
        if operation == "CreateOpenIDConnectProvider":
            asked.setdefault("ClientIDList", CLIENT_IDS)
            asked["ClientIDList"] = asked["ClientIDList"] or CLIENT_IDS
            forget_provider(client, account, asked["Url"])
        return replaced(call(client, operation, asked), from_aws)

    def forget_provider(client, account, url):
        name = url.split("://")[1]
        arn = f"arn:aws:iam::{account}:oidc-provider/{name}"
        try:
            call(client, "DeleteOpenIDConnectProvider", {"OpenIDConnectProviderArn": arn})
        except client.exceptions.NoSuchEntityException:
            pass

    botocore.client.BaseClient._make_api_call = translated_call


def pytest_configure(config):
    if os.environ.get("S3_TESTS_ACCOUNT"):
        speak_as_aws(os.environ["S3_TESTS_ACCOUNT"])
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
