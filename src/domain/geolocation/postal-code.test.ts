import { describe, expect, it } from '@jest/globals';
import { postalCodeForms } from './postal-code.js';

describe('the forms of a postal code', () => {
  it.each([
    ['10115', 'DE', ['10115']],
    ['sw1a 1aa', 'GB', ['SW1A1AA', 'SW1A']],
    ['SW1A1AA', 'GB', ['SW1A1AA', 'SW1A']],
    ['M11AE', 'GB', ['M11AE', 'M1']],
    ['94105-1234', 'US', ['941051234', '94105']],
    ['K1A 0B1', 'CA', ['K1A0B1', 'K1A']],
    ['K1A0B1', 'CA', ['K1A0B1', 'K1A']],
    ['1012 AB', 'NL', ['1012AB', '1012']],
    ['1012AB', 'NL', ['1012AB', '1012']],
    ['D02 AF30', 'IE', ['D02AF30', 'D02']],
    ['〒600-8216', 'JP', ['6008216', '600']],
    ['６００－８２１６', 'JP', ['6008216']],
    [' - ', 'JP', []],
  ])('of %j in %s are %j', (text, country, forms) => {
    expect(postalCodeForms(text, country)).toEqual(forms);
  });
});
