import { rootCertificates } from 'node:tls';

/** What is trusted besides the authorities that Node knows: naming one's own must not take away the others. */
export const trusted = (ca: string): string[] => [...rootCertificates, ca];
