import { open } from 'node:fs/promises';
import { z } from 'zod';

/** How many bytes of a log are read, from its end. */
const TAIL_BYTES = 256 * 1024;
/** A failure causes more errors, which are logged after it: the first error within this time before the end is the reason. */
const BURST_MS = 5_000;

const detail = z.union([
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ error: z.object({ errmsg: z.string() }) }).transform(({ error }) => error.errmsg),
  z.object({ message: z.object({ error_str: z.string() }) }).transform(({ message }) => message.error_str),
]);

const line = z.object({ t: z.object({ $date: z.coerce.date() }) });

const errorLine = line.extend({
  s: z.enum(['E', 'F']),
  msg: z.string(),
  attr: detail.optional().catch(undefined),
});

/** Why a mongod ended, by the last errors in its log; null if it logged none. Only for operators, because it may quote stored data. */
export async function lastErrorIn(logPath: string): Promise<string | null> {
  const lines = (await tailOf(logPath)).split('\n').flatMap((line) => errorLine.safeParse(parsed(line)).data ?? []);
  const end = lines.at(-1)?.t.$date.getTime() ?? 0;
  const burst = lines.filter(({ t }) => t.$date.getTime() >= end - BURST_MS);
  const reason = burst.find(({ attr }) => attr !== undefined) ?? burst[0];
  return reason ? [reason.msg, ...(reason.attr === undefined ? [] : [reason.attr])].join(': ') : null;
}

/** When the last line of a log was written; null if there is none. */
export async function lastLineTime(logPath: string): Promise<Date | null> {
  const lines = (await tailOf(logPath)).trimEnd().split('\n');
  return line.safeParse(parsed(lines.at(-1) ?? '')).data?.t.$date ?? null;
}

async function tailOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
      return buffer.subarray(0, bytesRead).toString();
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
