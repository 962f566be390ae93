import { Duration } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * Options of the load balancer: HTTPS, domain name, access, and attributes.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export interface LoadBalancerOptions {
  /**
   * The certificate of the production listener. The listener then serves HTTPS on port 443, and port 80 redirects to
   * it.
   *
   * The certificate must cover the name that clients use. Set `domainName` too, or point a record of your own to the
   * load balancer. Without `domainName`, the stack outputs and the dashboard contain no URL of the application.
   *
   * Adding or changing it on a deployed stack resets the listener to the blue target group. That is an outage while
   * green is live, so deploy this change while blue is live. Removing it fails at deploy, because the redirect still
   * occupies port 80.
   *
   * @default - HTTP on port 80; with `domainName`, a new certificate
   */
  readonly certificate?: acm.ICertificate;

  /**
   * The domain name of the application, inside the hosted zone. An alias record points it to the load balancer.
   *
   * Without `certificate`, the service creates a certificate for this name. The name can then have at most 64
   * characters. In this case, adding the name to a deployed stack resets the listener to the blue target group. Deploy
   * this change while blue is live.
   *
   * A change replaces the record and a created certificate, and resets the listener to the blue target group.
   *
   * @default - the DNS name of the load balancer
   */
  readonly domainName?: string;

  /**
   * The hosted zone of `domainName`. A new certificate requires a public zone, because ACM validates it over the
   * internet.
   *
   * A change replaces the record and a created certificate, and resets the listener to the blue target group.
   *
   * @default - none; required with `domainName`
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * Whether to give the load balancer public addresses. An internal load balancer is in the subnets of the tasks. It
   * allows traffic from the address range of the VPC.
   *
   * It cannot be changed after the first deployment, because a target group belongs to one load balancer.
   *
   * @default true
   */
  readonly internetFacing?: boolean;

  /**
   * The security groups of the load balancer. Their owner manages access to the production listener.
   * The service adds ingress rules only for the test listener.
   *
   * @default - a new group that allows the internet, or the VPC for an internal load balancer, on the ports of the
   * listeners
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The bucket that receives the access logs, in the same region. It must use S3-managed encryption, because the load
   * balancer cannot write with a KMS key.
   *
   * The service extends the bucket policy if the bucket is created in this app. The owner of an imported bucket must
   * extend its policy.
   *
   * @default - no access logs
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * The time that a task has to finish its open requests after it is deregistered from its target group, whole seconds
   * up to 3600.
   *
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;

  /**
   * The time after which the load balancer closes a connection without traffic, whole seconds from 1 to 4000.
   *
   * A request that takes longer to answer gets a 504 response. The keep-alive time of the application must be longer
   * than this time.
   *
   * @default Duration.seconds(60)
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
   */
  readonly idleTimeout?: Duration;

  /**
   * The maximum lifetime of a client's HTTP connection, whole seconds from 60 to 604800.
   *
   * When it has passed, the load balancer answers one more request on the connection and closes it. To return to the
   * default, set `Duration.hours(1)`: if you remove the option, the load balancer keeps the last value.
   *
   * @default - 1 hour, set by AWS
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
   */
  readonly clientKeepAlive?: Duration;

  /**
   * Whether to pass the `Host` header to the tasks as the client sent it. Otherwise, the load balancer adds its port to
   * the header, unless it is the default port.
   *
   * @default false
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
   */
  readonly preserveHostHeader?: boolean;
}
