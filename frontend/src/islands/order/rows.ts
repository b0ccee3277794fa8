// What is done to whole lines: repeated, removed, moved. Each answers where the caret goes, or null when nothing was done.
import { isBlank, type Line } from "./model.ts";

/** The line, or the one above an empty one, once more; prices are asked anew with it. */
export function repeat(lines: Line[], row: number): number | null {
  const from = lines[row]?.product ? lines[row] : lines[row - 1];
  if (!from) return null;
  const copy: Line = { ...from, id: null, errors: {}, extra: { ...from.extra } };
  const at = lines[row]?.product ? row + 1 : row;
  lines.splice(at, lines[at] && isBlank(lines[at]) ? 1 : 0, copy);
  return at;
}

/** Takes a line out and answers it. */
export function remove(lines: Line[], row: number): Line | null {
  const gone = lines[row];
  if (!gone || isBlank(gone)) return null;
  lines.splice(row, 1);
  return gone;
}

export function shift(lines: Line[], row: number, by: number): number | null {
  const a = lines[row], b = lines[row + by];
  if (!a || !b) return null;
  lines[row] = b;
  lines[row + by] = a;
  return row + by;
}

/** Puts lines where the caret stands: in place of an empty line, else after the one it is on. */
export function insert(lines: Line[], row: number, fresh: Line[], after: boolean): number {
  const at = after && lines[row] && !isBlank(lines[row]) ? row + 1 : row;
  lines.splice(at, !after && lines[row] && isBlank(lines[row]) ? 1 : 0, ...fresh);
  return at;
}
