import boto3
from botocore.stub import Stubber

from sales.archive import keep


def test_a_report_goes_to_its_bucket():
    client = boto3.client(
        "s3", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    with Stubber(client) as stub:
        stub.add_response("put_object", {}, {"Bucket": "reports", "Key": "one", "Body": b'{"tea": 1}'})
        keep({"tea": 1}, "reports", "one", client)
        stub.assert_no_pending_responses()
