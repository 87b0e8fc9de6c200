export { pseudonymNamespaceOf, treatmentOf } from '../campus/treatment.ts';
