import { visit } from 'jsonc-parser';
import { pointerTo } from './pointer.js';

/** The JSON Pointer of the first key that an object of this valid JSON text gives twice; null when there is none. */
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
