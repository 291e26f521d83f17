# Drives boto3 for boto3.test.ts: one JSON command per line on standard input, one JSON answer per line.
import json
import os
import sys

import boto3
from boto3.s3.transfer import TransferConfig

s3 = boto3.client(
    "s3",
    endpoint_url=os.environ["S3_ENDPOINT"],
    region_name=os.environ["S3_REGION"],
)
transfer = TransferConfig(multipart_threshold=8 * 1024 * 1024, multipart_chunksize=8 * 1024 * 1024)


def keys(bucket):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


def read_range(bucket, key, start, end):
    body = s3.get_object(Bucket=bucket, Key=key, Range=f"bytes={start}-{end - 1}")["Body"].read()
    return body.hex()


commands = {
    "makeBucket": lambda bucket: s3.create_bucket(Bucket=bucket) and None,
    "upload": lambda file, bucket, key: s3.upload_file(file, bucket, key, Config=transfer),
    "list": keys,
    "download": lambda bucket, key, file: s3.download_file(bucket, key, file, Config=transfer),
    "readRange": read_range,
    "copy": lambda bucket, source, key: s3.copy({"Bucket": bucket, "Key": source}, bucket, key),
    "presignGet": lambda bucket, key: s3.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=600
    ),
    "remove": lambda bucket, key: s3.delete_object(Bucket=bucket, Key=key) and None,
    "removeBucket": lambda bucket: s3.delete_bucket(Bucket=bucket) and None,
    "version": lambda: boto3.__version__,
}

for line in sys.stdin:
    name, arguments = json.loads(line)
    try:
        answer = {"result": commands[name](*arguments)}
    except Exception as error:  # noqa: BLE001 - the test prints it
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
