import { pointerTo } from './pointer.js';

interface Level {
  readonly pointer: string;
  /** The keys met so far; null in an array. */
  readonly keys: Set<string> | null;
  index: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** The JSON Pointer of the first key that an object of this valid JSON text gives twice; null when there is none. */
export function findDuplicateKey(text: string): string | null {
  const levels: Level[] = [];
  let key = '';
  const tokens = [...text.matchAll(TOKEN)].map(([token]) => token);
  for (const [at, token] of tokens.entries()) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      levels.push({ pointer: level ? placeIn(level, key) : '', keys: token === '{' ? new Set() : null, index: 0 });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (token === ',' && level) {
      level.index += 1;
    } else if (tokens[at + 1] === ':' && level?.keys) {
      key = JSON.parse(token);
      if (level.keys.has(key)) return pointerTo(level.pointer, key);
      level.keys.add(key);
    }
  }
  return null;
}

function placeIn(level: Level, key: string): string {
  return pointerTo(level.pointer, level.keys ? key : level.index);
}
