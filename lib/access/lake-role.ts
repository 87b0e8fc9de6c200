import { type AddToPrincipalPolicyResult, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { DependencyGroup } from 'constructs';

/**
 * Resources that one statement of a role names at most. The CDK moves whole statements out of a full policy into a
 * further one, so none may be nearly as large as a policy: 20 ARNs of the lake are some 2,000 of the 6,144 characters
 * that IAM takes (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 */
const MOST_RESOURCES = 20;

/** A role that names something of every source. What it may do fits into policies that IAM takes, however many there are. */
export class LakeRole extends Role {
  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    const policyDependable = new DependencyGroup();
    for (const part of inParts(statement)) {
      const added = super.addToPrincipalPolicy(part).policyDependable;
      if (added) policyDependable.add(added);
    }
    return { statementAdded: true, policyDependable };
  }
}

/**
 * The same right in statements that name few resources each.
 * @param most resources of a statement. Default: 20
 */
export function inParts(statement: PolicyStatement, most = MOST_RESOURCES): PolicyStatement[] {
  const { resources } = statement;
  if (resources.length <= most) return [statement];
  return Array.from({ length: Math.ceil(resources.length / most) }, (_, i) =>
    statement.copy({ resources: resources.slice(i * most, (i + 1) * most) }),
  );
}
