import { LakeError } from '../errors.ts';

/** A message that could not be delivered. Its text never holds the address, which is a secret for webhooks. */
export class NotifyError extends LakeError {
  /** Whether the receiver may take it later: it was away, busy or out of order. */
  readonly mayPass: boolean;

  constructor(
    message: string,
    {
      mayPass = false,
      ...options
    }: ConstructorParameters<typeof LakeError>[1] & { readonly mayPass?: boolean } = {},
  ) {
    super(message, options);
    this.mayPass = mayPass;
  }
}
