import { describe, expect, it } from '@jest/globals';
import { WorkMeter } from '../work-meter.js';
import { FormulaError } from './formula-error.js';
import { evaluating, meterOfFormula, spend } from './formula-work.js';

describe('the work of a formula', () => {
  it('is counted for its record', () => {
    const meter = new WorkMeter();
    const spent = evaluating(1_500_000, meter, () => {
      expect(meter.isMuchDone()).toBe(false);
      expect(meterOfFormula()).toBe(meter);
      spend(500_000);
      return 'spent';
    });
    expect([spent, meter.isMuchDone(), meter.isMuchDone()]).toEqual(['spent', true, false]);
  });

  it('is bounded for each evaluation, whatever those before took', () => {
    const meter = new WorkMeter();
    const evaluate = (units: number) => () => evaluating(units, meter, () => spend(1));
    for (const most of [4_999_999, 4_999_999]) expect(evaluate(most)).not.toThrow();
    expect(evaluate(5_000_000)).toThrow(FormulaError);
    expect(evaluate(5_000_001)).toThrow(FormulaError);
  });

  it('is spent only by a formula that is evaluated', () => {
    expect(() => evaluating(5_000_001, new WorkMeter(), () => null)).toThrow(FormulaError);
    expect(() => spend(1)).toThrow(TypeError);
  });
});
