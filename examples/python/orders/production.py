from aws_cdk import App, Duration, RemovalPolicy, Stack
from aws_cdk.aws_logs import RetentionDays
from aws_cdk.aws_route53 import HostedZone
from aws_cdk.aws_s3 import Bucket, BucketEncryption
from cdk_blue_green_python_pipeline import (
    AlertChannel,
    BlueGreenPythonPipeline,
    BlueGreenServiceOptions,
    DeploymentHooks,
    HealthCheckOptions,
    LoadBalancerOptions,
    NetworkEgress,
    NetworkOptions,
    PipelineAlertsOptions,
    PipelineSource,
    PythonCiPipelineOptions,
    PythonProject,
    QualityGateOptions,
    ReleaseOptions,
    RollbackAlarmOptions,
    ScalingOptions,
    TrafficShift,
)

app = App()
stack = Stack(app, "OrdersStack")

hosted_zone = HostedZone.from_hosted_zone_attributes(
    stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
)
access_logs_bucket = Bucket(stack, "AccessLogs", encryption=BucketEncryption.S3_MANAGED, enforce_ssl=True)

BlueGreenPythonPipeline(
    stack,
    "Orders",
    environment_suffix="prod",
    removal_policy=RemovalPolicy.RETAIN,
    network=NetworkOptions(egress=NetworkEgress.nat_gateways(2), log_retention=RetentionDays.ONE_YEAR),
    service=BlueGreenServiceOptions(
        container_port=8000,
        cpu=1024,
        memory_limit_mib=2048,
        environment={"LOG_LEVEL": "info"},
        health_check=HealthCheckOptions(path="/health"),
        scaling=ScalingOptions(min_capacity=2, max_capacity=20, target_requests_per_minute=600),
        log_retention=RetentionDays.ONE_YEAR,
        load_balancer=LoadBalancerOptions(
            domain_name="orders.example.com", hosted_zone=hosted_zone, access_logs_bucket=access_logs_bucket
        ),
        release=ReleaseOptions(
            traffic_shift=TrafficShift.canary(10, Duration.minutes(15)),
            termination_wait_time=Duration.minutes(15),
            hooks=DeploymentHooks.smoke_test(paths=["/health"]),
            rollback_alarms=RollbackAlarmOptions(latency_threshold=Duration.seconds(1)),
        ),
    ),
    pipeline=PythonCiPipelineOptions(
        source=PipelineSource.connection(
            connection_arn="arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-1111-1111-1111-111111111111",
            owner="acme",
            repo="orders",
        ),
        python=PythonProject.uv(python_version="3.13"),
        gates=QualityGateOptions(minimum_coverage=90, image_scan=True),
        manual_approval=True,
        artifact_access_logs_bucket=access_logs_bucket,
    ),
    alerts=PipelineAlertsOptions(channels=[AlertChannel.email("devops@example.com")], notify_on_success=True),
    dashboard=True,
)

app.synth()
