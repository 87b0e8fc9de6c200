import {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  Port,
  SecurityGroup,
  SubnetType,
  type Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/**
 * Where nothing leads to the internet, DMS reads the SIS's password through an endpoint of the VPC. In one zone, as
 * each costs: DMS asks when a load starts, and a load can be repeated.
 */
export function secretsEndpoint(scope: Construct, vpc: Vpc, replication: ISecurityGroup): void {
  const group = new SecurityGroup(scope, 'SecretsEndpointGroup', {
    vpc,
    description: 'Secrets Manager: in from DMS',
    allowAllOutbound: false,
  });
  group.addIngressRule(replication, Port.tcp(443), 'DMS');
  const [subnet] = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED }).subnets;
  new InterfaceVpcEndpoint(scope, 'SecretsEndpoint', {
    vpc,
    service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    subnets: { subnets: [subnet!] },
    securityGroups: [group],
    open: false,
  });
}
