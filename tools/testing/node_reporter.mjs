// A reporter for node:test that prints one JSON line for each test that has no tests inside.
export default async function* report(events) {
  const deepest_seen = [];
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const holds_tests = deepest_seen.some((nesting) => nesting > data.nesting);
    deepest_seen.splice(
      0,
      deepest_seen.length,
      ...deepest_seen.filter((nesting) => nesting <= data.nesting),
      data.nesting,
    );
    const error = data.details?.error;
    if (holds_tests && (type === 'test:pass' || error?.failureType === 'subtestsFailed')) continue;
    const cause = error?.cause ?? error;
    yield `${JSON.stringify({
      name: data.name,
      result:
        type === 'test:fail' && data.todo === undefined
          ? 'failed'
          : data.skip !== undefined
            ? 'skipped'
            : 'passed',
      why: type === 'test:fail' ? String(cause?.stack ?? cause) : data.skip,
    })}\n`;
  }
}
