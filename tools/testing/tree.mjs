// The project's files, for everything that works on "all sources".
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const kNotOurs = new Set(['node_modules', 'dist', 'build', '.git']);

/** Files below `folder` whose path fits `pattern`, from the root, sorted. */
export function files_below(folder, pattern) {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  const walk = (path) =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      if (entry.isDirectory()) return kNotOurs.has(entry.name) ? [] : walk(join(path, entry.name));
      return entry.isFile() ? [join(path, entry.name)] : [];
    });
  return walk(top)
    .map((path) => relative(root, path))
    .filter((path) => pattern.test(path))
    .sort();
}

export const cpp_files = () =>
  ['server', 'sandbox', 'tests', 'bench', 'cmake'].flatMap((folder) =>
    files_below(folder, /\.(h|cpp)$/),
  );

export const sha256 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256')).digest('hex');

/** `file` and every project header it includes, directly or not. */
export function with_headers(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, header] of readFileSync(join(root, file), 'utf8').matchAll(
    /^\s*#\s*include\s*"([^"]+)"/gm,
  )) {
    const found = [`server/${header}`, header].find((path) => existsSync(join(root, path)));
    if (found) with_headers(found, seen);
  }
  return seen;
}
