/** What the tests use of luxon, their oracle for dates. */
declare module 'luxon' {
  type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

  export class DateTime {
    static fromMillis(milliseconds: number, options: { zone: string }): DateTime;
    readonly year: number;
    readonly quarter: number;
    readonly month: number;
    readonly weekNumber: number;
    readonly weekYear: number;
    readonly day: number;
    readonly ordinal: number;
    readonly weekday: number;
    readonly hour: number;
    readonly minute: number;
    readonly second: number;
    readonly millisecond: number;
    plus(duration: { [unit in Unit]?: number }): DateTime;
    diff(other: DateTime, unit: Unit): { as(unit: Unit): number };
    startOf(unit: Unit): DateTime;
    toMillis(): number;
    /** Of a time that clocks show twice, both. */
    getPossibleOffsets(): DateTime[];
  }
}
