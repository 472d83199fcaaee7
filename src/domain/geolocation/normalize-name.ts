/**
 * The form in which names of places are compared: lower case, without accents, punctuation and spaces, with common abbreviations written out (`St. Louis` and
 * `Saint-Louis` give `saintlouis`). Scripts are kept: `東京` stays `東京`. Idempotent. The keys in the file of places have this form: after a change here, build the file again.
 */
export function normalizeName(text: string): string {
  const words = wordsOf(text);
  if (words.length < 2) return words[0]?.normalize('NFKD') ?? '';
  // Marks of two words can stand beside each other now, and have an order.
  return words
    .map((word) => ABBREVIATIONS.get(word) ?? word)
    .join('')
    .normalize('NFKD');
}

/** Abbreviations of words in names. They count only beside other words: a name that consists of one of them alone is kept as it is. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['st', 'saint'],
  ['ste', 'sainte'],
  ['sta', 'santa'],
  ['sto', 'santo'],
  ['mt', 'mount'],
  ['mtn', 'mountain'],
  ['ft', 'fort'],
  ['hts', 'heights'],
  ['spgs', 'springs'],
  ['twp', 'township'],
]);

/** Words of letters, digits and the marks that are not accents; an apostrophe or a dot within a word does not split it. */
function wordsOf(text: string): string[] {
  if (PLAIN.test(text)) return text.toLowerCase().match(ASCII_WORDS)?.map(withoutMarks) ?? [];
  const folded = foldedLetters(text.normalize('NFKD').toLowerCase().normalize('NFKD'));
  return (
    folded
      .match(WORDS)
      ?.map(withoutMarks)
      .filter((word) => word !== '') ?? []
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const PLAIN = /^[\x00-\x7f]*$/;
const ASCII_WORDS = /&|[a-z0-9](?:['.]?[a-z0-9]+)*/g;
const WORDS = /&|[\p{L}\p{N}\p{M}](?:['’ʼʻ`´.]?[\p{L}\p{N}\p{M}]+)*/gu;
const MARKS = /['’ʼʻ`´.]/g;

const withoutMarks = (word: string) => (word === '&' ? 'and' : word.replace(MARKS, ''));

/** The accents of Latin, Greek and Cyrillic, the points of Hebrew and the short vowels of Arabic, which writers leave out. Vowel signs of other scripts are letters. */
const ACCENTS =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u02b9-\u02bf\u200b-\u200f]/g;

/** Letters that Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ə: 'e',
  ŋ: 'n',
  ς: 'σ',
  ک: 'ك',
  ی: 'ي',
  ى: 'ي',
  臺: '台',
  區: '区',
  縣: '県',
  县: '県',
};
const FOLDED = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

function foldedLetters(text: string): string {
  return text.replace(ACCENTS, '').replace(FOLDED, (letter) => LETTERS[letter] ?? letter);
}
