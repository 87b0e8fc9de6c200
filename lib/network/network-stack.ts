import { Fn } from 'aws-cdk-lib';
import {
  type CfnFlowLog,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LakeStack } from '../lake-stack.ts';
import type { Settings } from '../settings.ts';
import { bucketName } from '../storage/bucket-names.ts';
import { secretsEndpoint } from './secrets-endpoint.ts';

export interface NetworkStackProps {
  readonly settings: Settings;
  readonly logs: IBucket;
}

/** Subnets, by who lives in them; ids in two zones each. */
export interface LakeSubnets {
  readonly replication: readonly string[];
  readonly warehouse: readonly string[];
}

/**
 * The network of what must live in one: DMS and the warehouse. Functions live outside of it, so it has no NAT in
 * any profile. Nobody can connect to anything in it from the internet: no security group lets anyone in from there.
 */
export class NetworkStack extends LakeStack {
  readonly vpc: IVpc;
  readonly subnets: LakeSubnets;
  readonly replicationGroup: ISecurityGroup;
  readonly warehouseGroup: ISecurityGroup;

  /** Where campus.yaml names account and region, the CDK would ask AWS for the zones, and synth needs no credentials. */
  override get availabilityZones(): string[] {
    return [Fn.select(0, Fn.getAzs()), Fn.select(1, Fn.getAzs())];
  }

  constructor(scope: Construct, { settings, logs }: NetworkStackProps) {
    super(scope, 'network', settings, {
      description: `How the lake of ${settings.campus.name} reaches the SIS`,
    });
    const { existing } = settings.network;
    if (existing) {
      this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
        vpcId: existing.vpc,
        availabilityZones: this.availabilityZones,
      });
      this.subnets = { replication: existing.subnets, warehouse: existing.subnets };
    } else {
      const vpc = this.#ownVpc(logs);
      const ids = (subnetType: SubnetType) => vpc.selectSubnets({ subnetType }).subnetIds;
      const outside = settings.network.reach === 'internet' ? SubnetType.PUBLIC : SubnetType.PRIVATE_ISOLATED;
      this.vpc = vpc;
      this.subnets = { replication: ids(outside), warehouse: ids(SubnetType.PRIVATE_ISOLATED) };
    }
    this.replicationGroup = this.#replicationGroup();
    this.warehouseGroup = this.#warehouseGroup();
    if (settings.network.reach === 'vpn') secretsEndpoint(this, this.vpc as Vpc, this.replicationGroup);
  }

  #ownVpc(logs: IBucket): Vpc {
    const { reach, range, vpn } = this.settings.network;
    const closed = { name: 'closed', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 };
    const open = { name: 'open', subnetType: SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false };
    const vpc = new Vpc(this, 'Vpc', {
      vpcName: this.settings.name,
      ipAddresses: IpAddresses.cidr(range),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: reach === 'internet' ? [open, closed] : [closed],
      // Costs nothing, and keeps what DMS writes off the internet and off the meter.
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      // Nothing uses the default group; emptying it would need a function with rights over the network.
      restrictDefaultSecurityGroup: false,
      ...(vpn && {
        vpnGateway: true,
        vpnConnections: { Campus: { ip: vpn.gateway, asn: vpn.asn, staticRoutes: vpn.cidrs } },
        vpnRoutePropagation: [{ subnetType: SubnetType.PRIVATE_ISOLATED }],
      }),
    });
    const traffic = vpc.addFlowLog('Traffic', { destination: FlowLogDestination.toS3(logs, 'traffic') });
    // A change of it would replace the flow log, and a reference to another stack is unknown until the update is
    // carried out; the name of the bucket never changes.
    (traffic.node.defaultChild as CfnFlowLog).logDestination = this.formatArn({
      service: 's3',
      region: '',
      account: '',
      resource: bucketName(this.settings, 'logs'),
      resourceName: 'traffic',
    });
    return vpc;
  }

  /** Out to the databases of the SIS and to AWS's own addresses; nobody in. */
  #replicationGroup(): SecurityGroup {
    const group = new SecurityGroup(this, 'Replication', {
      vpc: this.vpc,
      securityGroupName: this.named('replication'),
      description: 'DMS: out to the SIS and to AWS, nobody in',
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'S3, Secrets Manager');
    const to = this.settings.network.vpn?.cidrs.map((range) => Peer.ipv4(range)) ?? [Peer.anyIpv4()];
    for (const port of new Set(this.settings.sis.map(([, source]) => source.port)))
      for (const peer of to) group.addEgressRule(peer, Port.tcp(port), 'the SIS');
    return group;
  }

  /** Dashboards on campus come in over the VPN; those in AWS ask the Data API or are let in by their group. */
  #warehouseGroup(): SecurityGroup {
    const group = new SecurityGroup(this, 'Warehouse', {
      vpc: this.vpc,
      securityGroupName: this.named('warehouse'),
      description: 'Redshift Serverless: in from the campus only',
      allowAllOutbound: false,
    });
    for (const range of this.settings.network.vpn?.cidrs ?? [])
      group.addIngressRule(Peer.ipv4(range), Port.tcp(5439), 'dashboards on campus');
    return group;
  }
}
