import { CfnEventSubscription } from 'aws-cdk-lib/aws-dms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { LakeStack } from '../lake-stack.ts';
import type { Settings } from '../settings.ts';
import { alarmsOf, type Watched } from './alarms.ts';
import { dashboard } from './dashboard.ts';
import { lakeAlarm } from './lake-alarm.ts';

export interface ObserveStackProps {
  readonly settings: Settings;
  readonly topic: ITopic;
  readonly watched: Watched;
}

/** What must not go wrong unnoticed. The run tells by itself what failed in it; this tells when it cannot. */
export class ObserveStack extends LakeStack {
  constructor(scope: Construct, { settings, topic, watched }: ObserveStackProps) {
    super(scope, 'observe', settings, {
      description: `Alarms and dashboard of the lake of ${settings.campus.name}`,
    });
    const alarms = alarmsOf(settings, watched);
    for (const alarm of alarms) lakeAlarm(this, { ...alarm, name: settings.name, topic });
    dashboard(this, settings.name, `The lake of ${settings.campus.name}`, alarms);
    if (watched.replication === undefined) return;
    // What no metric shows: an instance that failed, tasks that DMS itself stopped.
    const hears = (id: string, sourceType: string, eventCategories: string[], sourceIds?: string[]) =>
      new CfnEventSubscription(this, id, {
        subscriptionName: this.named(id.toLowerCase()),
        snsTopicArn: topic.topicArn,
        sourceType,
        eventCategories,
        sourceIds,
        enabled: true,
      });
    hears('Instance-Events', 'replication-instance', ['failure', 'low storage'], [watched.replication]);
    hears('Task-Events', 'replication-task', ['failure']);
  }
}
