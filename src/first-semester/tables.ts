/** The model whose rows are the students to look at: `models/first_semester_attention.sql`. */
export const MODEL = 'first_semester_attention';
