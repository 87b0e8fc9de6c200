export const CUTOFFS = 'campus.early_warning_cutoffs';
export const FEATURES = 'campus.early_warning_features';
export const OUTCOMES = 'campus.course_outcomes';
export const DRIFT = 'campus.early_warning_drift';
export const SCORES = 'campus.early_warning_scores';
