/** Trimmed; undefined for a text of nothing, which is how charge points leave out a field. */
export function textOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}
