const FORM = /^(?<groups>#,##)?(?<whole>0{1,20})(?:\.(?<fixed>0{0,20})(?<open>#{0,20}))?(?<percent>%)?$/;

/**
 * Compiles a format for numbers. Integer part: `0` for each digit that is always shown; `#,##` before it puts commas between thousands. After a point: `0` for each
 * decimal that is always shown, `#` for each that is shown unless it is zero. `%` at the end shows percent (0.5 is 50%). Rounds the number's shortest decimal form, halves
 * away from zero. Null if the text is not such a format.
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
