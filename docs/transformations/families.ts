import { ARRAYS } from './arrays.js';
import { CONVERSION } from './conversion.js';
import { DATES } from './dates.js';
import type { Family } from './example.js';
import { LOGIC } from './logic.js';
import { LOOKUPS } from './lookups.js';
import { NUMBERS } from './numbers.js';
import { TEXT } from './text.js';

/** In the order of the page. */
export const FAMILIES: readonly Family[] = [NUMBERS, TEXT, DATES, CONVERSION, ARRAYS, LOGIC, LOOKUPS];
