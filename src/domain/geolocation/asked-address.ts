import { hash } from 'node:crypto';
import { geoPoint } from '../geo-point.js';
import type { AddressAnswer, AddressNeed } from '../transform/answers.js';
import { ADDRESS_PARTS, type Address } from './address.js';
import type { PlaceFinder } from './place-finder.js';

/** The question for an address, in one form and with one key however it is spaced; null if every part is empty. Capitals are sent, but do not make another question. */
export function needOfAddress(address: Address): AddressNeed | null {
  const parts = ADDRESS_PARTS.map((part) => cleaned(address[part]));
  if (parts.every((part) => part === '')) return null;
  const key = hash('sha256', JSON.stringify(parts).toLowerCase(), 'base64url');
  const given = ADDRESS_PARTS.map((part, index) => [part, parts[index]] as const).filter(([, text]) => text !== '');
  return { kind: 'ADDRESS', key: `address/${key}`, address: Object.fromEntries(given) };
}

/** What the offline geocoder answers to the question. */
export function answeredOffline(places: PlaceFinder, { address }: AddressNeed): AddressAnswer {
  const { place } = places.locate(address);
  return { point: place && geoPoint(place.lat, place.lon) };
}

function cleaned(text: string | null | undefined): string {
  return (text ?? '').toWellFormed().normalize('NFC').replace(/\s+/g, ' ').trim();
}
