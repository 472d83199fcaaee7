const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Reads `YYYY-MM-DD`, alone or with `T` or a space and a time: `HH:MM`, optional seconds, optional fraction (cut to milliseconds), optional zone
 * (`Z`, `+HH`, `+HHMM`, `+HH:MM`); without a zone it is UTC. Null for anything else, for days that no calendar has, and for instants outside the
 * years 0000 to 9999.
 */
export function parseDateTime(text: string): Date | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const millisecond = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return instantOf({ year, month, day, hour, minute, second, millisecond, zone: match[8] });
}

/** A time as a calendar and a clock show it; `month` counts from 1, a `zone` is `Z`, `+HH`, `+HHMM` or `+HH:MM`, and UTC where there is none. */
export interface ShownTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly zone: string | undefined;
}

/** Null for what no calendar or clock shows, and for instants outside the years 0000 to 9999. */
export function instantOf({ year, month, day, hour, minute, second, millisecond, zone }: ShownTime): Date | null {
  if (hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const offset = offsetMinutes(zone);
  if (offset === null) return null;
  date.setUTCHours(hour, minute - offset, second, millisecond);
  const utcYear = date.getUTCFullYear();
  return utcYear >= 0 && utcYear <= 9999 ? date : null;
}

function offsetMinutes(zone: string | undefined): number | null {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
