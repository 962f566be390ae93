package com.example;

import io.github.cdkbluegreen.pythonpipeline.AlertChannel;
import io.github.cdkbluegreen.pythonpipeline.BlueGreenPythonPipeline;
import io.github.cdkbluegreen.pythonpipeline.BlueGreenServiceOptions;
import io.github.cdkbluegreen.pythonpipeline.ConnectionSourceOptions;
import io.github.cdkbluegreen.pythonpipeline.DeploymentHooks;
import io.github.cdkbluegreen.pythonpipeline.HealthCheckOptions;
import io.github.cdkbluegreen.pythonpipeline.LoadBalancerOptions;
import io.github.cdkbluegreen.pythonpipeline.NetworkEgress;
import io.github.cdkbluegreen.pythonpipeline.NetworkOptions;
import io.github.cdkbluegreen.pythonpipeline.PipelineAlertsOptions;
import io.github.cdkbluegreen.pythonpipeline.PipelineSource;
import io.github.cdkbluegreen.pythonpipeline.PythonCiPipelineOptions;
import io.github.cdkbluegreen.pythonpipeline.PythonProject;
import io.github.cdkbluegreen.pythonpipeline.QualityGateOptions;
import io.github.cdkbluegreen.pythonpipeline.ReleaseOptions;
import io.github.cdkbluegreen.pythonpipeline.RollbackAlarmOptions;
import io.github.cdkbluegreen.pythonpipeline.ScalingOptions;
import io.github.cdkbluegreen.pythonpipeline.SmokeTestOptions;
import io.github.cdkbluegreen.pythonpipeline.TrafficShift;
import io.github.cdkbluegreen.pythonpipeline.UvOptions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.route53.HostedZone;
import software.amazon.awscdk.services.route53.HostedZoneAttributes;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;

public final class ProductionApp {
  public static void main(final String[] args) {
    App app = new App();
    Stack stack = new Stack(app, "OrdersStack");

    IHostedZone hostedZone = HostedZone.fromHostedZoneAttributes(stack, "Zone", HostedZoneAttributes.builder()
        .hostedZoneId("Z0123456789ABCDEFGHIJ")
        .zoneName("example.com")
        .build());
    Bucket accessLogsBucket = Bucket.Builder.create(stack, "AccessLogs")
        .encryption(BucketEncryption.S3_MANAGED)
        .enforceSsl(true)
        .build();

    BlueGreenPythonPipeline.Builder.create(stack, "Orders")
        .environmentSuffix("prod")
        .removalPolicy(RemovalPolicy.RETAIN)
        .network(NetworkOptions.builder()
            .egress(NetworkEgress.natGateways(2))
            .logRetention(RetentionDays.ONE_YEAR)
            .build())
        .service(BlueGreenServiceOptions.builder()
            .containerPort(8000)
            .cpu(1024)
            .memoryLimitMiB(2048)
            .environment(Map.of("LOG_LEVEL", "info"))
            .healthCheck(HealthCheckOptions.builder().path("/health").build())
            .scaling(ScalingOptions.builder()
                .minCapacity(2)
                .maxCapacity(20)
                .targetRequestsPerMinute(600)
                .build())
            .logRetention(RetentionDays.ONE_YEAR)
            .loadBalancer(LoadBalancerOptions.builder()
                .domainName("orders.example.com")
                .hostedZone(hostedZone)
                .accessLogsBucket(accessLogsBucket)
                .build())
            .release(ReleaseOptions.builder()
                .trafficShift(TrafficShift.canary(10, Duration.minutes(15)))
                .terminationWaitTime(Duration.minutes(15))
                .hooks(DeploymentHooks.smokeTest(SmokeTestOptions.builder().paths(List.of("/health")).build()))
                .rollbackAlarms(RollbackAlarmOptions.builder().latencyThreshold(Duration.seconds(1)).build())
                .build())
            .build())
        .pipeline(PythonCiPipelineOptions.builder()
            .source(PipelineSource.connection(ConnectionSourceOptions.builder()
                .connectionArn("arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-1111-1111-1111-111111111111")
                .owner("acme")
                .repo("orders")
                .build()))
            .python(PythonProject.uv(UvOptions.builder().pythonVersion("3.13").build()))
            .gates(QualityGateOptions.builder().minimumCoverage(90).imageScan(true).build())
            .manualApproval(true)
            .artifactAccessLogsBucket(accessLogsBucket)
            .build())
        .alerts(PipelineAlertsOptions.builder()
            .channels(List.of(AlertChannel.email("devops@example.com")))
            .notifyOnSuccess(true)
            .build())
        .dashboard(true)
        .build();

    app.synth();
  }
}
