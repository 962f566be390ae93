import { RETENTION_DAYS, KEY, PART, VPC } from '../../private/common-kinds';
import { flag, GROUP, KindsOf, list, NUMBER, object, required, STRING, strategy } from '../../private/kinds';
import { NetworkAttributes, NetworkProps } from '../network-options';

/** The kinds of the props of a network. */
export const NETWORK_KINDS: KindsOf<NetworkProps> = {
  ...PART,
  vpc: VPC,
  ipAddresses: object("an ec2.IIpAddresses, such as ec2.IpAddresses.cidr('10.0.0.0/16')", 'allocateVpcCidr', 'allocateSubnetsCidr'),
  maxAzs: NUMBER,
  availabilityZones: list(STRING),
  egress: strategy('NetworkEgress', 'NetworkEgress.natGateways(1)'),
  flowLogs: flag(),
  logRetention: RETENTION_DAYS,
  encryptionKey: KEY,
  restrictDefaultSecurityGroup: flag(),
  taskSubnets: GROUP,
  loadBalancerSubnets: GROUP,
};

/** The kinds of the attributes of an existing network. */
export const NETWORK_ATTRIBUTE_KINDS: KindsOf<NetworkAttributes> = {
  vpc: required(VPC),
  taskSubnets: GROUP,
  loadBalancerSubnets: GROUP,
  internetAccess: flag(),
  assignPublicIp: flag(),
};
