import * as kms from 'aws-cdk-lib/aws-kms';

/** Options of a part that may have a key of its own. */
interface Keyed {
  readonly encryptionKey?: kms.IKey;
}

/** The options of the parts, and the key that they share. */
interface KeyedParts extends Keyed {
  readonly network?: Keyed & { readonly vpc?: object; readonly flowLogs?: boolean };
  readonly platform?: Keyed & { readonly repository?: object };
  readonly service?: Keyed;
  readonly pipeline?: Keyed;
  readonly alerts?: Keyed;
}

/**
 * Hands the key of the pattern to each part that encrypts something with it and has no key of its own. A part refuses a
 * key without a use.
 */
export function withSharedKey<T extends KeyedParts>(props: T): T {
  const { encryptionKey, network, platform, service, pipeline, alerts } = props;
  if (!encryptionKey) { return props; }
  const shared = (options: Keyed | undefined, isUsed: boolean) =>
    isUsed ? { ...options, encryptionKey: options?.encryptionKey ?? encryptionKey } : options;
  return {
    ...props,
    network: shared(network, network?.flowLogs ?? !network?.vpc),
    platform: shared(platform, !platform?.repository),
    service: shared(service, true),
    pipeline: shared(pipeline, true),
    alerts: shared(alerts, true),
  };
}
