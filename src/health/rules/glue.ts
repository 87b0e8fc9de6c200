/**
 * AWS Glue's error categories (its observability metrics `glue.error.<category>`), and the cause that each is here. The
 * code of such a failure is `glue-` with the category's name in kebab-case.
 */
export const GLUE_CATEGORIES: Readonly<Record<string, string>> = {
  COMPILATION_ERROR: 'model-failed',
  CONNECTION_ERROR: 'aws-refused',
  DATA_LAKE_FRAMEWORK_ERROR: 'spark-job-failed',
  DISK_NO_SPACE_ERROR: 'disk-full',
  DYNAMODB_ERROR: 'aws-refused',
  GLUE_ERROR: 'spark-job-failed',
  GLUE_INTERNAL_SERVICE_ERROR: 'aws-refused',
  GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR: 'spark-job-failed',
  GLUE_OPERATION_TIMEOUT_ERROR: 'function-ended',
  GLUE_VALIDATION_ERROR: 'configuration-mistake',
  IMPORT_ERROR: 'spark-job-failed',
  INVALID_ARGUMENT_ERROR: 'configuration-mistake',
  LAKEFORMATION_ERROR: 'aws-refused',
  LAUNCH_ERROR: 'aws-refused',
  OUT_OF_MEMORY_ERROR: 'memory-exhausted',
  PERMISSION_ERROR: 'aws-refused',
  QUERY_ERROR: 'model-failed',
  REDSHIFT_ERROR: 'warehouse-failed',
  RESOURCES_ALREADY_EXISTS_ERROR: 'spark-job-failed',
  RESOURCE_NOT_FOUND_ERROR: 'files-damaged',
  S3_ERROR: 'aws-refused',
  SYNTAX_ERROR: 'model-failed',
  SYSTEM_EXIT_ERROR: 'spark-job-failed',
  THROTTLING_ERROR: 'aws-refused',
  TIMEOUT_ERROR: 'function-ended',
  UNCLASSIFIED_ERROR: 'spark-job-failed',
  UNCLASSIFIED_SPARK_ERROR: 'spark-job-failed',
  UNSUPPORTED_OPERATION_ERROR: 'model-failed',
};

const BY_CODE = new Map(
  Object.entries(GLUE_CATEGORIES).map(([category, rule]) => [
    `glue-${category.toLowerCase().replaceAll('_', '-')}`,
    rule,
  ]),
);

/** The rule of a failure of the Spark job; undefined for a code that is none of Glue's. */
export const ruleOfGlue = (code: string): string | undefined => BY_CODE.get(code);
