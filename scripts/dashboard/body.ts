import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { textOf } from '../../test/helpers';
import { createTapStack } from '../../test/integ/tap-stack';

/** Stands for the certificate that the profile `prod` wants; nothing is asked of AWS. */
const EXAMPLE_CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';

const EXAMPLE_REGION = 'us-east-1';

/** What a dashboard's JSON says of a metric beside its name: the last word of its row. */
export interface MetricOptions {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly color?: string;
  readonly period?: number;
  readonly stat?: string;
  readonly visible?: boolean;
}

export interface Annotation {
  readonly value: number;
  readonly label: string;
  readonly color: string;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MetricWidget extends Place {
  readonly type: 'metric';
  readonly properties: {
    readonly title: string;
    readonly metrics: (string | MetricOptions)[][];
    readonly annotations?: { readonly horizontal: Annotation[] };
    readonly yAxis: { readonly left?: { readonly min?: number; readonly max?: number; readonly label?: string } };
    readonly start?: string;
  };
}

export interface TextWidget extends Place {
  readonly type: 'text';
  readonly properties: { readonly markdown: string; readonly background?: string };
}

export interface AlarmWidget extends Place {
  readonly type: 'alarm';
  readonly properties: { readonly title: string; readonly alarms: string[] };
}

export type Widget = MetricWidget | TextWidget | AlarmWidget;

/** A dashboard as CloudWatch gets it, but with the names that the template gives in the place of references. */
export interface Dashboard {
  readonly name: string;
  readonly start: string;
  readonly widgets: Widget[];
}

/** The dashboard of the sample application. */
export function synthesizeDashboard(): Dashboard {
  const context = { profile: 'prod', environmentSuffix: 'prod', certificateArn: EXAMPLE_CERTIFICATE };
  const template = Template.fromStack(createTapStack(new App({ context })));
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const names = namesOf(template);
  const { DashboardBody, DashboardName } = dashboard.Properties;
  return { ...JSON.parse(resolve(DashboardBody, names)), name: resolve(DashboardName, names) };
}

/** A text of the template with names instead of references, some of which only a deployment knows. */
function resolve(value: unknown, names: Map<string, string>): string {
  const known = new Map([...names, ['AWS::Region', EXAMPLE_REGION]]);
  return textOf(value)
    .replace(/\$\{\w+\.DNSName\}/g, `orders-1234567890.${EXAMPLE_REGION}.elb.amazonaws.com`)
    .replace(/\$\{([\w:]+)(?:\.Arn)?\}/g, (reference, id) => known.get(id) ?? reference);
}

/**
 * The physical names that the template gives, by logical id: the `AlarmName` of an alarm, the `LogGroupName` of a log
 * group.
 */
function namesOf(template: Template): Map<string, string> {
  const resources = Object.entries(template.toJSON()
    .Resources as Record<string, { Type: string; Properties?: Record<string, unknown> }>);
  return new Map(resources.flatMap(([id, { Type, Properties = {} }]) => {
    const name = Properties[`${Type.split('::').at(-1)}Name`];
    return typeof name === 'string' ? [[id, name]] : [];
  }));
}
