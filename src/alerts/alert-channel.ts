import { Token } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { IConstruct } from 'constructs';
import { fail, show } from '../private/errors';
import { requireText } from '../private/validation';

/**
 * How a channel hears.
 */
export interface AlertChannelConfig {
  /** What tells two channels apart; the same one twice is refused. */
  readonly key: string;

  /**
   * A subscription of the alerts' topic.
   *
   * @default - none
   */
  readonly subscription?: sns.ITopicSubscription;

  /**
   * Another topic that the alerts are sent to as well.
   *
   * @default - none
   */
  readonly topic?: sns.ITopic;
}

/**
 * Who hears of alerts.
 */
export abstract class AlertChannel {
  /**
   * An e-mail address. Its owner must confirm by the link in AWS's first mail; until then nothing arrives.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
   */
  public static email(address: string): AlertChannel {
    return new EmailChannel(address);
  }

  /**
   * Another topic, whose policy must let EventBridge publish; a topic of this app gets the statement, for an imported one its owner adds it.
   */
  public static topic(topic: sns.ITopic): AlertChannel {
    return new TopicChannel(topic);
  }

  /**
   * Called by the alerts.
   *
   * @param scope the alerts, whose path an error names
   * @throws when an e-mail address is none
   */
  public abstract bind(scope: IConstruct): AlertChannelConfig;
}

class EmailChannel extends AlertChannel {
  constructor(private readonly address: string) {
    super();
  }

  public bind(scope: IConstruct): AlertChannelConfig {
    requireText(scope, 'email', this.address, 'give an address such as devops@example.com');
    if (!Token.isUnresolved(this.address) && !/^[^\s@]+@[^\s@]+$/.test(this.address)) {
      fail(scope, `'email' must be an address with one @, got ${show(this.address)}; AlertChannel.email takes one address such as devops@example.com`);
    }
    return { key: `email ${this.address.toLowerCase()}`, subscription: new subscriptions.EmailSubscription(this.address) };
  }
}

class TopicChannel extends AlertChannel {
  constructor(private readonly target: sns.ITopic) {
    super();
  }

  public bind(): AlertChannelConfig {
    return { key: `topic ${this.target.topicArn}`, topic: this.target };
  }
}
