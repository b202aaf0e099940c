/** `again`: the id of a mail that was taken back and is to be written on. */
export function readComposeSearch(search: Record<string, unknown>): { again?: string } {
  return typeof search.again === 'string' ? { again: search.again } : {};
}
