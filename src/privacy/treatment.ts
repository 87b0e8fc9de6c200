export { describedTreatment, pseudonymNamespaceOf, treatmentOf } from '../campus/treatment.ts';
