/** The points at which a worker may be stopped, in the order of its work. */
export const PAUSES = [
  'before the group',
  'after the group',
  'before reading',
  'after reading',
  'before the commit',
  'after the commit',
  'before writing',
  'half way through writing',
  'after writing',
  'before the end',
  'after the end',
] as const;
export type Pause = (typeof PAUSES)[number];
