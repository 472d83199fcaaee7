import { visit } from 'jsonc-parser';
import { pointerTo } from './pointer.js';

/** Returns the JSON Pointer of the first key that an object in this valid JSON text has twice; null if there is none. */
export function findDuplicateKey(text: string): string | null {
  const levels: Set<string>[] = [];
  let found: string | null = null;
  visit(text, {
    onObjectBegin: () => void levels.push(new Set()),
    onObjectEnd: () => void levels.pop(),
    onObjectProperty(key, _offset, _length, _line, _character, path) {
      if (levels.at(-1)?.has(key)) found ??= [...path(), key].reduce<string>(pointerTo, '');
      levels.at(-1)?.add(key);
    },
  });
  return found;
}
