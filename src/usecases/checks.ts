import type { Dataset } from '../domain/dataset.js';
import { SluiceError } from '../domain/errors.js';
import type { Catalog } from '../ports/catalog.js';

const MAX_NAME_LENGTH = 200;
const MAX_PAGE = 1000;

/** Trims a name for storage. Throws BAD_REQUEST if it is empty, longer than 200 characters, or not well-formed Unicode. */
export function checkedName(name: string, field: string): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new SluiceError('BAD_REQUEST', `${field} is empty; give it a name`, { field });
  if (trimmed.length > MAX_NAME_LENGTH) {
    const message = `${field} has ${trimmed.length} characters; at most ${MAX_NAME_LENGTH} are allowed`;
    throw new SluiceError('BAD_REQUEST', message, { field });
  }
  if (!trimmed.isWellFormed()) {
    throw new SluiceError('BAD_REQUEST', `${field} holds half of a surrogate pair; send well-formed Unicode`, {
      field,
    });
  }
  return trimmed;
}

/** Checks a page size, 0 to 1,000. Throws BAD_REQUEST. */
export function checkedFirst(first: number): number {
  if (!Number.isInteger(first) || first < 0 || first > MAX_PAGE) {
    const message = `first is ${first}; give a number from 0 to ${MAX_PAGE}, and read further pages with after`;
    throw new SluiceError('BAD_REQUEST', message, { field: 'first', actual: String(first) });
  }
  return first;
}

/** Checks a text that names are searched for; it may be as long as a name, and is well-formed like one. Throws BAD_REQUEST. */
export function checkedSearch(search: string | undefined): string | undefined {
  if (search !== undefined && search.length > MAX_NAME_LENGTH) {
    const message = `search has ${search.length} characters; names have at most ${MAX_NAME_LENGTH}`;
    throw new SluiceError('BAD_REQUEST', message, { field: 'search' });
  }
  if (search?.isWellFormed() === false) {
    const message = 'search holds half of a surrogate pair; send well-formed Unicode';
    throw new SluiceError('BAD_REQUEST', message, { field: 'search' });
  }
  return search;
}

/** Checks when a credential ends; null for one without an end. Throws BAD_REQUEST for a time that is over. */
export function checkedExpiry(at: Date | undefined, now: Date): Date | null {
  if (at === undefined) return null;
  if (at > now) return at;
  const message = `input.expiresAt is ${at.toISOString()}, which is over; give a time to come, or leave it out for no end`;
  throw new SluiceError('BAD_REQUEST', message, { field: 'input.expiresAt', actual: at.toISOString() });
}

/** The error for an unknown id. */
export function notFound(what: 'connection' | 'dataset' | 'job' | 'API key' | 'push URL', id: string): SluiceError {
  return new SluiceError('NOT_FOUND', `there is no ${what} with the id ${JSON.stringify(id.slice(0, 100))}`);
}

/** Returns the dataset with this id. Throws NOT_FOUND. */
export async function existingDataset(catalog: Pick<Catalog, 'findDataset'>, id: string): Promise<Dataset> {
  const dataset = await catalog.findDataset(id);
  if (!dataset) throw notFound('dataset', id);
  return dataset;
}
