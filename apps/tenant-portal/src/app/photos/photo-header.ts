/** What the first bytes of a photo say: its kind, its size in pixels and when it was taken. Nothing is decoded. */

export type PhotoKind = 'jpeg' | 'png' | 'webp' | 'heic';

export interface PhotoHeader {
  readonly kind: PhotoKind;
  readonly pixels: number | null;
  readonly takenAt: string | null;
}

/** How much of a file is looked at: the header of a JPEG may hold a preview before its size. */
export const HEADER_BYTES = 256 * 1024;

const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1'];
const EXIF_POINTER = 0x8769;
const TAKEN = 0x9003;
const OFFSET = 0x9011;

/** Null when these are not the first bytes of a photo we take, whatever the file is called. */
export function readHeader(buffer: ArrayBuffer): PhotoHeader | null {
  const data = new DataView(buffer);
  if (data.byteLength < 16) return null;
  if (data.getUint16(0) === 0xffd8) return readJpeg(data);
  if (data.getUint32(0) === 0x89504e47 && data.byteLength >= 24) {
    return { kind: 'png', pixels: data.getUint32(16) * data.getUint32(20), takenAt: null };
  }
  if (text(data, 0, 4) === 'RIFF' && text(data, 8, 4) === 'WEBP') return { kind: 'webp', pixels: webpPixels(data), takenAt: null };
  if (text(data, 4, 4) === 'ftyp' && HEIC_BRANDS.includes(text(data, 8, 4))) return { kind: 'heic', pixels: null, takenAt: null };
  return null;
}

function readJpeg(data: DataView): PhotoHeader {
  let takenAt: string | null = null;
  for (let at = 2; at + 9 < data.byteLength; ) {
    if (data.getUint8(at) !== 0xff) break;
    const marker = data.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xe1 && text(data, at + 4, 4) === 'Exif') takenAt ??= takenIn(data, at + 10);
    const isSize = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isSize) return { kind: 'jpeg', pixels: data.getUint16(at + 5) * data.getUint16(at + 7), takenAt };
    at += 2 + data.getUint16(at + 2);
  }
  return { kind: 'jpeg', pixels: null, takenAt };
}

function webpPixels(data: DataView): number | null {
  if (data.byteLength < 30) return null;
  switch (text(data, 12, 4)) {
    case 'VP8X':
      return (1 + uint24(data, 24)) * (1 + uint24(data, 27));
    case 'VP8 ':
      return (data.getUint16(26, true) & 0x3fff) * (data.getUint16(28, true) & 0x3fff);
    case 'VP8L': {
      const bits = data.getUint32(21, true);
      return (1 + (bits & 0x3fff)) * (1 + ((bits >> 14) & 0x3fff));
    }
    default:
      return null;
  }
}

/** When a photo was taken, by its EXIF (TIFF) block. Without an offset, the phone's own zone is meant. */
function takenIn(data: DataView, start: number): string | null {
  try {
    const little = data.getUint16(start) === 0x4949;
    const first = start + data.getUint32(start + 4, little);
    const pointer = entry(data, first, EXIF_POINTER, little);
    if (pointer === null) return null;
    const details = start + data.getUint32(pointer + 8, little);
    const taken = words(data, start, entry(data, details, TAKEN, little), little);
    const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(taken ?? '');
    if (!parts) return null;
    const offset = /^[+-]\d\d:\d\d/.exec(words(data, start, entry(data, details, OFFSET, little), little) ?? '')?.[0] ?? '';
    const instant = new Date(`${parts[1] ?? ''}-${parts[2] ?? ''}-${parts[3] ?? ''}T${parts[4] ?? ''}${offset}`);
    return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
  } catch {
    return null; // a block that ends before it says so
  }
}

function entry(data: DataView, directory: number, tag: number, little: boolean): number | null {
  const count = data.getUint16(directory, little);
  for (let index = 0; index < count; index++) {
    const at = directory + 2 + index * 12;
    if (data.getUint16(at, little) === tag) return at;
  }
  return null;
}

function words(data: DataView, start: number, at: number | null, little: boolean): string | null {
  if (at === null) return null;
  const length = data.getUint32(at + 4, little);
  return text(data, length <= 4 ? at + 8 : start + data.getUint32(at + 8, little), Math.min(length, 40));
}

function text(data: DataView, at: number, length: number): string {
  let read = '';
  for (let index = at; index < Math.min(at + length, data.byteLength); index++) read += String.fromCharCode(data.getUint8(index));
  return read;
}

function uint24(data: DataView, at: number): number {
  return data.getUint8(at) | (data.getUint8(at + 1) << 8) | (data.getUint8(at + 2) << 16);
}
