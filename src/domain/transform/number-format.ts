const FORM = /^(?<groups>#,##)?(?<whole>0{1,20})(?:\.(?<fixed>0{0,20})(?<open>#{0,20}))?(?<percent>%)?$/;

/**
 * Compiles a format for numbers: `0` for each digit of the integer part that is always shown, `#,##` before it for commas between thousands, after a point `0` for each
 * decimal that is always shown and `#` for each that is shown if it is not zero, and `%` at the end for percent (0.5 is 50%). Rounds the shortest decimal of the
 * number, halves away from zero. Null if the text is no such format.
 */
export function compileNumberFormat(format: string): ((value: number) => string) | null {
  const groups = FORM.exec(format)?.groups;
  if (!groups) return null;
  const { fixed = '', open = '', whole = '' } = groups;
  if (fixed.length + open.length > 20) return null;
  const written = new Intl.NumberFormat('en-US', {
    style: groups.percent ? 'percent' : 'decimal',
    useGrouping: groups.groups !== undefined,
    minimumIntegerDigits: whole.length,
    minimumFractionDigits: fixed.length,
    maximumFractionDigits: fixed.length + open.length,
  });
  return (value) => {
    const text = written.format(value);
    return /^-[0.,%]*$/.test(text) ? text.slice(1) : text;
  };
}
