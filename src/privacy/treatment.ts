export { pseudonymKindOf, treatmentOf } from '../campus/treatment.ts';
