import { prepare } from './prepare';
import { readHeader } from './photo-header';

const bytes = (...parts: (string | number[])[]): ArrayBuffer =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (sign) => sign.charCodeAt(0)) : part))).buffer;
const uint16 = (value: number): number[] => [value >> 8, value & 255];
const uint32 = (value: number): number[] => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];

const png = (width: number, height: number) => bytes([0x89], 'PNG\r\n\x1a\n', uint32(13), 'IHDR', uint32(width), uint32(height), [8, 6, 0, 0, 0]);

/** A JPEG that says when it was taken (big-endian TIFF) and how large it is. */
function jpeg(taken: string, offset: string, width = 4032, height = 3024): ArrayBuffer {
  const entry = (tag: number, type: number, count: number, value: number) => [...uint16(tag), ...uint16(type), ...uint32(count), ...uint32(value)];
  const first = [...uint16(1), ...entry(0x8769, 4, 1, 26), ...uint32(0)];
  const details = [...uint16(2), ...entry(0x9003, 2, 20, 56), ...entry(0x9011, 2, 7, 76), ...uint32(0)];
  const tiff = ['MM', uint16(42), uint32(8), first, details, `${taken}\0`, `${offset}\0`];
  const block = bytes('Exif\0\0', ...tiff);
  return bytes([0xff, 0xd8, 0xff, 0xe1], uint16(block.byteLength + 2), [...new Uint8Array(block)], [0xff, 0xc0], uint16(17), [8], uint16(height), uint16(width), [3, 0, 0, 0, 0, 0]);
}

it('reads when a photo was taken and how large it is, before anything is decoded', () => {
  expect(readHeader(jpeg('2026:11:20 08:15:30', '+00:00'))).toEqual({ kind: 'jpeg', pixels: 4032 * 3024, takenAt: '2026-11-20T08:15:30.000Z' });
  expect(readHeader(jpeg('2026:07:01 08:15:30', '+01:00'))?.takenAt).toBe('2026-07-01T07:15:30.000Z');
});

it('does without a time that makes no sense', () => {
  expect(readHeader(jpeg('0000:00:00 00:00:00', '+00:00'))?.takenAt).toBeNull();
});

it('knows PNG, WebP and HEIC by their first bytes', () => {
  expect(readHeader(png(640, 480))).toEqual({ kind: 'png', pixels: 640 * 480, takenAt: null });
  expect(readHeader(bytes('RIFF', uint32(0), 'WEBPVP8X', uint32(10), [0, 0, 0, 0], [0xff, 3, 0], [0xff, 1, 0]))).toEqual({ kind: 'webp', pixels: 1024 * 512, takenAt: null });
  expect(readHeader(bytes(uint32(24), 'ftypheic', uint32(0), 'mif1heic'))?.kind).toBe('heic');
});

it.each([
  ['an .exe named .jpg', bytes('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0'), 'not-a-photo'],
  ['an SVG with a script', bytes('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'not-a-photo'],
  ['a PNG of 30,000 by 30,000', png(30_000, 30_000), 'too-many-pixels'],
  ['an empty file', new ArrayBuffer(0), 'not-a-photo'],
])('does not take %s', async (_, content, problem) => {
  expect(await prepare(new File([content], 'photo.jpg', { type: 'image/jpeg' }))).toEqual({ problem });
});

it('sends whole what this phone cannot decode', async () => {
  const heic = bytes(uint32(24), 'ftypheic', uint32(0), 'mif1heic', [1, 2, 3]);

  const prepared = await prepare(new File([heic], 'IMG_1.HEIC'));

  expect(prepared).toMatchObject({ takenAt: null, seen: false, blob: { size: heic.byteLength, type: 'image/heic' } });
});

it('does not touch a file of 200 MB', async () => {
  const huge = { size: 200 * 1024 * 1024, slice: () => { throw new Error('read'); } } as unknown as Blob;

  expect(await prepare(huge)).toEqual({ problem: 'too-big' });
});
