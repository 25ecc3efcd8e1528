// What a kept run and another show that differ in their seed, or in λ, alone: said when both have come to their end.
(() => {
  const SAME_CODE = 0.05; // of the variance
  const { min_codes: MIN_CODES } = aedemoSettings.constants; // of fewer, an affine map fits whatever the codes are

  // x of A x = B, A (n, n) symmetric and positive, B (n, m), as lists of rows: elimination with pivots.
  const solve = (A, B) => {
    const rows = A.map((row, i) => [...row, ...B[i]]);
    for (let k = 0; k < rows.length; k += 1) {
      const best = rows.slice(k).reduce((at, row, i) => (Math.abs(row[k]) > Math.abs(rows[at][k]) ? k + i : at), k);
      [rows[k], rows[best]] = [rows[best], rows[k]];
      if (Math.abs(rows[k][k]) < 1e-12) return null;
      rows[k] = rows[k].map((value) => value / rows[k][k]);
      for (let i = 0; i < rows.length; i += 1) if (i !== k) rows[i] = rows[i].map((value, j) => value - rows[i][k] * rows[k][j]);
    }
    return rows.map((row) => row.slice(A.length));
  };

  const table = ({ shape: [count, width], values }) => Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
  const products = (X, Y) => X[0].map((_, i) => Y[0].map((_, j) => X.reduce((sum, x, k) => sum + x[i] * Y[k][j], 0)));

  // The share of the variance of one code that the best affine map of the other leaves: 1 − R². Null where none is told.
  const unexplained = (code, target) => {
    const [X, Y] = [table(code).map((row) => [...row, 1]), table(target)];
    const map = X.length >= MIN_CODES && solve(products(X, X), products(X, Y));
    if (!map) return null;
    const mean = Y[0].map((_, j) => Y.reduce((sum, y) => sum + y[j], 0) / Y.length);
    const squares = (near) => Y.reduce((sum, y, i) => sum + y.reduce((s, value, j) => s + (value - near(i, j)) ** 2, 0), 0);
    const rest = squares((i, j) => X[i].reduce((sum, x, k) => sum + x * map[k][j], 0));
    return rest / Math.max(squares((_, j) => mean[j]), 1e-12);
  };

  const percent = (share) => `${(100 * share).toFixed(share < SAME_CODE ? 1 : 0)}\u00a0%`;

  // The names of the settings in which two runs differ.
  const differ = (one, other) => Object.keys(one).filter((name) => one[name] !== other[name]);

  aedemo.compareRuns = (kept, run) => {
    if (!kept?.over || !run.over) return "";
    const [one, other] = [kept, run].map(({ setup, snapshots }) => ({ ...setup.settings, end: snapshots.at(-1) }));
    const changed = differ(kept.setup.settings, run.setup.settings).join();
    const errors = [one, other].map(({ end }) => aedemo.shortNumber(end.train_error)).join(" and ");
    if (changed === "sparsity_weight" && one.end.active) {
      const units = [one, other].map(({ end }) => end.active.values.filter((share) => share > 0).length).join(" and ");
      return `λ = ${one.sparsity_weight} and ${other.sparsity_weight} leave ${units} of ${one.hidden} units active.`;
    }
    if (changed !== "seed") return "";
    const words = `Seeds ${one.seed} and ${other.seed} end at training errors of ${errors}.`;
    const whole = one.end.codes && one.end.codes.shape[1] === one.latent_dim;
    const left = whole ? unexplained(other.end.codes, one.end.codes) : null;
    if (left === null) return words;
    if (left < SAME_CODE) return `${words} But for ${percent(left)} of its variance, one code is an affine map of the other.`;
    return `${words} No affine map makes one code of the other: the best leaves ${percent(left)} of its variance.`;
  };
})();
