/** Name of the Spark job and of its role: by it the pipeline starts the one, and tables are granted to the other. */
export const sparkJobName = ({ name }: { readonly name: string }): string => `${name}-spark`;
