import type { DesignFault } from './design-fault.js';
import type { DesignWarning } from './design-warning.js';

/** Faults or warnings of a design that are shown. */
const MAX_SHOWN = 1_000;

/** A fault of a design; one that counts others has no place. */
export interface ShownFault {
  readonly column?: string;
  readonly transformation?: string;
  readonly field: string;
  readonly message: string;
}

/** The first faults of a design, and one more that counts the others. */
export function shownFaults(faults: readonly DesignFault[]): readonly ShownFault[] {
  const rest = faults.length - MAX_SHOWN;
  if (rest <= 0) return faults;
  const message = `${rest} more faults are not shown; correct those before this one first`;
  return [...faults.slice(0, MAX_SHOWN), { field: 'faults', message }];
}

/** The first warnings of a design, and one more that counts the others. */
export function shownWarnings(warnings: readonly DesignWarning[]): readonly DesignWarning[] {
  const rest = warnings.length - MAX_SHOWN;
  if (rest <= 0) return warnings;
  return [...warnings.slice(0, MAX_SHOWN), { column: null, message: `${rest} more warnings are not shown` }];
}
