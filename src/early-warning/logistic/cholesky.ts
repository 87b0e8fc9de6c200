/**
 * Solves A x = b for a symmetric, positive definite A by Cholesky's decomposition.
 * @param a n × n, row by row; only the lower triangle is read. It is overwritten.
 * @param b n values; overwritten with the solution
 * @returns false when A is not positive definite (to the machine's precision): `b` is then worthless
 */
export function solveCholesky(a: Float64Array, b: Float64Array): boolean {
  const n = b.length;
  for (let j = 0; j < n; j++) {
    let diagonal = a[j * n + j]!;
    for (let k = 0; k < j; k++) diagonal -= a[j * n + k]! ** 2;
    if (!(diagonal > 0)) return false;
    const root = Math.sqrt(diagonal);
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let value = a[i * n + j]!;
      for (let k = 0; k < j; k++) value -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = value / root;
    }
  }
  for (let i = 0; i < n; i++) {
    let value = b[i]!;
    for (let k = 0; k < i; k++) value -= a[i * n + k]! * b[k]!;
    b[i] = value / a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = b[i]!;
    for (let k = i + 1; k < n; k++) value -= a[k * n + i]! * b[k]!;
    b[i] = value / a[i * n + i]!;
  }
  return true;
}
