import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { exported } from '../exported.ts';
import { LakeStack } from '../lake-stack.ts';
import type { Settings } from '../settings.ts';
import { secretReminder } from './secret-reminder.ts';

export interface NotifyStackProps {
  readonly settings: Settings;
  readonly key: IKey;
}

/** Services of AWS that tell the team something by themselves. */
const SERVICES = ['cloudwatch', 'budgets', 'dms'];

/** Where the team hears: of each run, of alarms, of money. A stack of its own, as people confirm subscriptions once. */
export class NotifyStack extends LakeStack {
  readonly topic: Topic;

  constructor(scope: Construct, { settings, key }: NotifyStackProps) {
    super(scope, 'notify', settings, {
      description: `What the data team of ${settings.campus.name} hears`,
    });
    this.topic = new Topic(this, 'Topic', {
      topicName: this.named('team'),
      displayName: `${settings.campus.name}: data lake`,
      masterKey: key,
      enforceSSL: true,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ServicesOfThisAccount',
        principals: SERVICES.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    for (const email of settings.emails) this.topic.addSubscription(new EmailSubscription(email));
    this.#budget();
    const { secretReminderDays: days } = settings;
    if (days !== undefined)
      secretReminder(this, { name: this.named('secrets'), days, topic: this.topic, key });
    exported(this, settings, { topic: [this.topic.topicArn, 'What the data team is told'] });
  }

  /** Of the whole account: a budget of tagged costs stays silent until somebody activates the tag. */
  #budget(): void {
    const subscribers = [{ subscriptionType: 'SNS', address: this.topic.topicArn }];
    const notification = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
        comparisonOperator: 'GREATER_THAN',
      },
      subscribers,
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: this.named('month'),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: this.settings.budget, unit: 'USD' },
      },
      notificationsWithSubscribers: [notification('ACTUAL', 80), notification('FORECASTED', 100)],
    });
  }
}
