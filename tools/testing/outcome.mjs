// What a suite came to: counts, and each failure with what it printed.

/** @typedef {{passed: number, failed: number, skipped: number, failures: {name: string, output: string}[]}} Outcome */

/** @returns {Outcome} */
export const nothing = () => ({ passed: 0, failed: 0, skipped: 0, failures: [] });

/** @returns {Outcome} */
export const success = () => ({ ...nothing(), passed: 1 });

/** @returns {Outcome} */
export const failure = (name, output) => ({
  ...nothing(),
  failed: 1,
  failures: [{ name, output }],
});

/** The outcome of a command that is a test as a whole. */
export const of_command = (name, { ok, status, output }) =>
  ok ? success() : failure(name, `${output}\n${status}`);

/** @param {Outcome[]} outcomes */
export function sum(outcomes) {
  return outcomes.reduce(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      skipped: total.skipped + one.skipped,
      failures: [...total.failures, ...one.failures],
    }),
    nothing(),
  );
}
