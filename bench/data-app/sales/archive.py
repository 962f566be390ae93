"""Where reports are kept."""

import json

import boto3


def keep(report: dict, bucket: str, key: str, client=None) -> None:
    """Put a report into a bucket."""
    client = client or boto3.client("s3")
    client.put_object(Bucket=bucket, Key=key, Body=json.dumps(report).encode())
