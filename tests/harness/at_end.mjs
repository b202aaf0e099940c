// What a test leaves behind, cleared away in the right order.

const endings = new WeakMap();

/**
 * Runs `action` when the test ends. What was asked for last runs first (a browser closes before its folder goes), and
 * each runs whatever became of the others; then the first that failed fails the test.
 */
export function at_end(context, action) {
  const known = endings.get(context);
  if (known) {
    known.push(action);
    return;
  }
  const actions = [action];
  endings.set(context, actions);
  context.after(async () => {
    const failures = [];
    for (const each of actions.reverse()) {
      try {
        await each();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
}
