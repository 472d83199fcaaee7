/** Longer texts are no names of places. The time of the patterns below grows with the square of a text's spaces or hyphens, so a long text would stop the service for seconds. */
export const MAX_PLACE_NAME_LENGTH = 400;

/** Whether a text is too long for the name of a place. */
export function isTooLong(text: string): boolean {
  return text.length > MAX_PLACE_NAME_LENGTH;
}

/**
 * Other forms to look a name up by, in this order, if the data does not have it as it was given: the part before a bracket, then the name without words that only say what
 * kind of place it is. Each is in the form of `normalizeName` once it is normalized.
 */
export function cityVariants(text: string): string[] {
  const bare = text.replace(BRACKETS, ' ');
  const without = bare.replace(CITY_BEFORE, '').replace(CITY_AFTER, '').replace(CJK_CITY, '');
  return distinct(text, [bare, without]);
}

/** Like `cityVariants`, for states, provinces, counties and their like. */
export function regionVariants(text: string): string[] {
  const bare = text.replace(BRACKETS, ' ');
  const without = bare.replace(REGION_BEFORE, '').replace(REGION_AFTER, '').replace(CJK_REGION, '');
  return distinct(text, [bare, without]);
}

function distinct(text: string, variants: readonly string[]): string[] {
  return [...new Set(variants)].filter((variant) => variant !== text && variant.trim() !== '');
}

const BRACKETS = /\s*[([{（].*$/u;
const CITY_BEFORE =
  /^\s*(?:the\s+)?(?:city of|town of|village of|greater|ville de|ciudad de|cidade de|citt[aà] di|stadt|landeshauptstadt|hansestadt|gmina|thanh pho|thành phố|kota|г\.?|город)\s+/iu;
const CITY_AFTER = /[\s-]+(?:city|town|township|village|municipality|metropolitan area|shi|cdp)\s*$/iu;
const CJK_CITY = /(?<=\S\S)[市区區町村县縣郡]$|(?<=\S\S)[시군구]$/u;
const REGION_BEFORE =
  /^\s*(?:the\s+)?(?:state of|metropolitan city of|città metropolitana di|metropolregion|província de|província do|província|comarca de|metropolis of|province of|county of|county|co\.?|region of|department of|district of|republic of|principality of|canton of|commonwealth of|free state of|province de|provincie|provincia de|provincia di|provincia del|provincia|province|département de la|département du|département de|département des|estado de|estado do|departamento de|región de|regione|région|comunidad de|comunidad autónoma de|kanton|land|freistaat|bundesland|województwo|wojewodztwo|regierungsbezirk|gemeente|tỉnh)\s+/iu;
const REGION_AFTER =
  /[\s-]+(?:state|province|county|region|prefecture|oblast|область|край|krai|republic|governorate|department|district|division|voivodeship|canton|territory|parish|municipality|autonomous region|ken|fu|sheng|län|lan|maakunta|megye|zhupanija|il|ili|shahrestan|do)\s*$/iu;
const CJK_REGION =
  /(?<=\S)(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|[県府都道省州市]|특별시|광역시|[도])$/u;
