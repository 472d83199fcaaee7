import { describe, expect, it } from '@jest/globals';
import type { Address } from './address.js';
import { faultOfTemplate, urlOfAddress } from './url-template.js';

const KEY = 'secretsecret';

describe('the template of a geocoder', () => {
  it.each([
    ['https://g.example/search?q={q}'],
    ['http://localhost:8080/search?city={city}&state={region}&country={country}&postalcode={postalCode}'],
    ['https://g.example/{country}/{q}.json?key=k'],
  ])('may be %s', (template) => {
    expect(faultOfTemplate(template)).toBeNull();
  });

  it.each([
    [`https://g.example/search?key=${KEY}`, 'placeholders {city}'],
    [`https://g.example/search?q={query}&key=${KEY}`, 'and no others'],
    [`ftp://g.example/{q}?key=${KEY}`, 'http:// or https://'],
    [`g.example/{q}?key=${KEY}`, 'http:// or https://'],
    [`https://{country}.example/{q}?key=${KEY}`, 'only in the path and the query'],
    [`https://g.example/search?key=${KEY}#{q}`, 'only in the path and the query'],
    [`https://user:${KEY}@g.example/{q}`, 'without a user name'],
  ])('is refused, and not quoted: %s', (template, fault) => {
    expect(faultOfTemplate(template)).toContain(fault);
    expect(faultOfTemplate(template)).not.toContain(KEY);
  });
});

describe('the URL for an address', () => {
  it.each([
    ['https://g.example/s?q={q}&k=1', { city: 'São Paulo', country: 'Brazil' }, '?q=S%C3%A3o%20Paulo%2C%20Brazil&k=1'],
    ['https://g.example/s?city={city}&state={region}&k=1', { city: 'a&b=c#d?e' }, '?city=a%26b%3Dc%23d%3Fe&k=1'],
    ['https://g.example/s?q={postalCode}+{country}', { country: 'DE' }, '?q=+DE'],
    ['https://g.example/s?q={q}', { city: '{country}', country: '$&' }, '?q=%7Bcountry%7D%2C%20%24%26'],
  ])('by %s of %j is %s', (template, address, search) => {
    expect(urlOfAddress(template, address)?.href).toBe(`https://g.example/s${search}`);
  });

  it.each<[string, Address]>([
    ['https://g.example/{city}/search', { city: '..' }],
    ['https://g.example/search/{city}', { city: '.' }],
    ['https://g.example/%2e{city}/search?q={q}', { city: '.' }],
    ['https://g.example/{city}{region}', { city: '.', region: '.' }],
    ['https://g.example\\{city}\\search', { city: '..' }],
  ])('by %s of %j does not exist, since it would have another path', (template, address) => {
    expect(urlOfAddress(template, address)).toBeNull();
  });

  it('has dots that do not change the path', () => {
    const of = (template: string, city: string) => urlOfAddress(template, { city })?.href;
    expect(of('https://g.example/{city}/s', '...')).toBe('https://g.example/.../s');
    expect(of('https://g.example/{city}.json', '..')).toBe('https://g.example/...json');
    expect(of('https://g.example/{city}', '../x')).toBe('https://g.example/..%2Fx');
    expect(of('https://g.example/s?q={city}', '..')).toBe('https://g.example/s?q=..');
  });
});
